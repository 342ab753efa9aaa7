/* A diode behind a series resistance, with a conductance across both and a charge:
 *
 *   I(p,i) = v(p,i)/rs, or p and i are one node where rs is 0
 *   I(i,n) = m area (is (exp(v/(nf vt)) - 1) + gmin v) + ddt(q),  q = m area (tt I + cj v)
 *   I(p,n) = m area g v(p,n)
 *
 * with v = $limit(V(i,n), "pnjlim", ...). law="linear" has is v/(nf vt) for a current. */
#include <math.h>
#include <stdio.h>

#include "model.h"

enum { kP, kN, kI, kNodes };
enum { kArea, kMultiplicity, kIs, kNf, kRs, kG, kCj, kTt, kVmax, kSign, kLaw, kParameters };
enum { kVd = kParameters, kId, kGd, kForward, kAll };
enum { kEntries = 9 };

typedef struct {
  double real[kSign]; /* the instances' too: their defaults */
  bool given[kParameters];
  int32_t sign;
  char* law;
  bool linear;
} Model;

typedef struct {
  double own[2]; /* area, m */
  bool given[2];
  double nvt, v_crit, scale;
  uint32_t node[kNodes];
  uint32_t state[1];
  bool collapsed[1];
  double* jacobian[kEntries];
  double resistive[kNodes], reactive[kNodes], resistive_limit[kNodes], reactive_limit[kNodes];
  double dresistive[kEntries], dreactive[kEntries];
  double vd, id, gd;
  int32_t forward;
  double shot, thermal;
} Instance;

EXPORT uint32_t OSDI_LIM_TABLE_LEN = 1;
EXPORT OsdiLimitFunction OSDI_LIM_TABLE[] = {{"pnjlim", 2, NULL}};
EXPORT OsdiLog osdi_log = NULL;

static void say(void* handle, uint32_t level, const char* format, double value) {
  char* text = malloc(100);
  snprintf(text, 100, format, value);
  osdi_log(handle, text, level);
}

static void* access_parameter(void* instance, void* model, uint32_t id, uint32_t flags) {
  Instance* i = instance;
  Model* m = model;
  switch (id) {
    case kVd:
      return &i->vd;
    case kId:
      return &i->id;
    case kGd:
      return &i->gd;
    case kForward:
      return &i->forward;
    default:
      break;
  }
  if (id >= kAll) return NULL;
  if ((flags & OSDI_ACCESS_INSTANCE) != 0) {
    if (id > kMultiplicity) return NULL;
    if ((flags & OSDI_ACCESS_SET) != 0) i->given[id] = true;
    return &i->own[id];
  }
  if ((flags & OSDI_ACCESS_SET) != 0) m->given[id] = true;
  if (id == kSign) return &m->sign;
  if (id == kLaw) return &m->law;
  return &m->real[id];
}

static void setup_model(void* handle, void* model, OsdiSimParameters* parameters,
                        OsdiInitInfo* result) {
  static const double kDefaults[kSign] = {1, 1, 1e-14, 1, 0, 0, 0, 0, INFINITY};
  Model* m = model;
  memset(result, 0, sizeof(*result));
  (void)parameters;
  for (int k = 0; k < kSign; ++k) {
    if (!m->given[k]) m->real[k] = kDefaults[k];
  }
  if (!m->given[kSign]) m->sign = 1;
  if (!m->given[kLaw]) m->law = "exp";
  for (int k = kArea; k <= kNf; ++k) {
    if (!(m->real[k] > 0)) add_bounds_error(result, (uint32_t)k);
  }
  if (!(m->real[kRs] >= 0)) add_bounds_error(result, kRs);
  if (m->sign != 1 && m->sign != -1) add_bounds_error(result, kSign);
  if (m->real[kTt] < 0) say(handle, OSDI_LOG_WARNING, "a transit time of %g s\n", m->real[kTt]);
  m->linear = strcmp(m->law, "linear") == 0;
  if (!m->linear && strcmp(m->law, "exp") != 0) {
    say(handle, OSDI_LOG_FATAL, "there is no such law\n", 0);
    result->flags |= OSDI_FATAL;
  }
}

static void setup_instance(void* handle, void* instance, void* model, double kelvin,
                           uint32_t connected, OsdiSimParameters* parameters,
                           OsdiInitInfo* result) {
  Instance* i = instance;
  const Model* m = model;
  (void)handle;
  (void)connected;
  (void)parameters;
  memset(result, 0, sizeof(*result));
  for (uint32_t k = 0; k < 2; ++k) {
    if (!i->given[k]) i->own[k] = m->real[k];
    if (!(i->own[k] > 0)) add_bounds_error(result, k);
  }
  i->scale = i->own[kArea] * i->own[kMultiplicity];
  i->nvt = m->real[kNf] * 1.380649e-23 * kelvin / 1.602176634e-19;
  i->v_crit = i->nvt * log(i->nvt / (sqrt(2) * m->real[kIs]));
  if (m->real[kRs] == 0) i->collapsed[0] = true;
}

static double limit(Instance* i, const OsdiSimInfo* info, double v, uint32_t* returned) {
  typedef double (*Function)(bool, bool*, double, double, double, double);
  double limited = v;
  if ((info->flags & OSDI_ENABLE_LIMITING) != 0) {
    bool changed = false;
    limited = ((Function)OSDI_LIM_TABLE[0].function)((info->flags & OSDI_INITIALISE_LIMITING) != 0,
                                                     &changed, v, info->last_state[i->state[0]],
                                                     i->nvt, i->v_crit);
    if (changed) *returned |= OSDI_LIMITED;
  }
  info->next_state[i->state[0]] = limited;
  return limited;
}

/* A current g v + rest from p to n, whose derivatives stand in these four entries. */
static void add_branch(double* residual, double* slopes, int p, int n, const int entry[4],
                       double value, double slope) {
  residual[p] += value;
  residual[n] -= value;
  if (slopes == NULL) return;
  slopes[entry[0]] += slope;
  slopes[entry[1]] -= slope;
  slopes[entry[2]] -= slope;
  slopes[entry[3]] += slope;
}

static uint32_t eval(void* handle, void* instance, void* model, OsdiSimInfo* info) {
  static const int kPN[] = {0, 1, 3, 4}, kPI[] = {0, 2, 6, 8}, kIN[] = {8, 7, 5, 4};
  Instance* i = instance;
  const Model* m = model;
  uint32_t returned = 0;
  const double s = m->sign;
  const double v_p = info->solution[i->node[kP]], v_n = info->solution[i->node[kN]];
  const double v_i = info->solution[i->node[kI]];
  const double v = s * (v_i - v_n);
  const double vd = limit(i, info, v, &returned);
  if (vd > m->real[kVmax]) {
    say(handle, OSDI_LOG_FATAL, "the junction breaks at %g V\n", vd);
    return OSDI_FATAL;
  }
  const double gmin = sim_parameter(&info->parameters, "gmin", 0);
  const double is = i->scale * m->real[kIs];
  const double e = m->linear ? 1 + vd / i->nvt : exp(vd / i->nvt);
  const double id = is * (e - 1) + i->scale * gmin * vd;
  const double gd = is * (m->linear ? 1 : e) / i->nvt + i->scale * gmin;
  const double c = i->scale * m->real[kCj] + m->real[kTt] * gd;
  const double q = i->scale * m->real[kCj] * vd + m->real[kTt] * id;

  memset(i->resistive, 0, offsetof(Instance, vd) - offsetof(Instance, resistive));
  add_branch(i->resistive, i->dresistive, kP, kN, kPN, i->scale * m->real[kG] * (v_p - v_n),
             i->scale * m->real[kG]);
  if (!i->collapsed[0]) {
    const double g = i->scale / m->real[kRs];
    add_branch(i->resistive, i->dresistive, kP, kI, kPI, g * (v_p - v_i), g);
  }
  add_branch(i->resistive, i->dresistive, kI, kN, kIN, s * id, gd);
  add_branch(i->reactive, i->dreactive, kI, kN, kIN, s * q, c);
  add_branch(i->resistive_limit, NULL, kI, kN, kIN, s * gd * (vd - v), 0);
  add_branch(i->reactive_limit, NULL, kI, kN, kIN, s * c * (vd - v), 0);
  if ((info->flags & OSDI_CALC_OUTPUTS) != 0) {
    i->vd = vd;
    i->id = id;
    i->gd = gd;
    i->forward = vd > 0;
  }
  if ((info->flags & OSDI_CALC_NOISE) != 0) {
    i->shot = 2 * 1.602176634e-19 * fabs(id);
    i->thermal = 4 * 1.602176634e-19 * i->nvt / m->real[kNf] * i->scale * m->real[kG];
  }
  return returned;
}

#if OSDI_MINOR == 3
static void load_noise(void* instance, void* model, double frequency, double* density,
                       double* logarithm) {
#else
static void load_noise(void* instance, void* model, double frequency, double* density) {
#endif
  const Instance* i = instance;
  (void)model;
  (void)frequency;
  density[0] = i->shot;
  density[1] = i->thermal;
#if OSDI_MINOR == 3
  for (int k = 0; k < 2; ++k) logarithm[k] = log(density[k]);
#endif
}

static void add_nodes(const Instance* i, const double* values, double sign, double* residual) {
  for (int k = 0; k < kNodes; ++k) residual[i->node[k]] += sign * values[k];
}
static void load_residual_resistive(void* instance, void* model, double* residual) {
  (void)model;
  add_nodes(instance, ((Instance*)instance)->resistive, 1, residual);
}
static void load_residual_reactive(void* instance, void* model, double* residual) {
  (void)model;
  add_nodes(instance, ((Instance*)instance)->reactive, 1, residual);
}
static void load_limit_resistive(void* instance, void* model, double* residual) {
  (void)model;
  add_nodes(instance, ((Instance*)instance)->resistive_limit, -1, residual);
}
static void load_limit_reactive(void* instance, void* model, double* residual) {
  (void)model;
  add_nodes(instance, ((Instance*)instance)->reactive_limit, -1, residual);
}
static void load_jacobian_transient(void* instance, void* model, double alpha) {
  const Instance* i = instance;
  (void)model;
  for (int k = 0; k < kEntries; ++k) {
    *i->jacobian[k] += i->dresistive[k] + alpha * i->dreactive[k];
  }
}
static void load_jacobian_resistive(void* instance, void* model) {
  load_jacobian_transient(instance, model, 0);
}

static OsdiNode nodes[] = {
    {"p", "V", "A", offsetof(Instance, resistive[kP]), OSDI_NONE,
     offsetof(Instance, resistive_limit[kP]), OSDI_NONE, false},
    {"n", "V", "A", offsetof(Instance, resistive[kN]), offsetof(Instance, reactive[kN]),
     offsetof(Instance, resistive_limit[kN]), offsetof(Instance, reactive_limit[kN]), false},
    {"i", "V", "A", offsetof(Instance, resistive[kI]), offsetof(Instance, reactive[kI]),
     offsetof(Instance, resistive_limit[kI]), offsetof(Instance, reactive_limit[kI]), false}};

static OsdiJacobianEntry entries[kEntries] = {ENTRY(kP, kP, OSDI_RESISTIVE),
                                              ENTRY(kP, kN, OSDI_RESISTIVE),
                                              ENTRY(kP, kI, OSDI_RESISTIVE),
                                              ENTRY(kN, kP, OSDI_RESISTIVE),
                                              ENTRY(kN, kN, OSDI_RESISTIVE | OSDI_REACTIVE),
                                              ENTRY(kN, kI, OSDI_RESISTIVE | OSDI_REACTIVE),
                                              ENTRY(kI, kP, OSDI_RESISTIVE),
                                              ENTRY(kI, kN, OSDI_RESISTIVE | OSDI_REACTIVE),
                                              ENTRY(kI, kI, OSDI_RESISTIVE | OSDI_REACTIVE)};

static OsdiNodePair collapsible[] = {{kP, kI}};
static OsdiNoiseSource noise[] = {{"shot", {kI, kN}}, {NULL, {kP, kN}}};

#define MODEL_REAL(name, unit) \
  { NAMES(name), 0, "", unit, OSDI_TYPE_REAL | OSDI_KIND_MODEL, 0 }
static OsdiParameter parameters[kAll] = {
    {NAMES("AREA", "a"), 1, "", "", OSDI_TYPE_REAL | OSDI_KIND_INSTANCE, 0},
    {NAMES("$mfactor", "m"), 1, "", "", OSDI_TYPE_REAL | OSDI_KIND_INSTANCE, 0},
    {NAMES("Is", "js"), 1, "", "A", OSDI_TYPE_REAL | OSDI_KIND_MODEL, 0},
    MODEL_REAL("nf", ""),
    MODEL_REAL("rs", "Ohm"),
    MODEL_REAL("g", "S"),
    MODEL_REAL("cj", "F"),
    MODEL_REAL("tt", "s"),
    MODEL_REAL("vmax", "V"),
    {NAMES("sign"), 0, "", "", OSDI_TYPE_INTEGER | OSDI_KIND_MODEL, 0},
    {NAMES("law"), 0, "", "", OSDI_TYPE_STRING | OSDI_KIND_MODEL, 0},
    {NAMES("Vd"), 0, "", "V", OSDI_TYPE_REAL | OSDI_KIND_OUTPUT, 0},
    {NAMES("id"), 0, "", "A", OSDI_TYPE_REAL | OSDI_KIND_OUTPUT, 0},
    {NAMES("gd"), 0, "", "S", OSDI_TYPE_REAL | OSDI_KIND_OUTPUT, 0},
    {NAMES("forward"), 0, "", "", OSDI_TYPE_INTEGER | OSDI_KIND_OUTPUT, 0}};

EXPORT_LIBRARY = {{.common = {.name = "Junction_VA",
                              .num_nodes = kNodes,
                              .num_terminals = 2,
                              .nodes = nodes,
                              .num_jacobian_entries = kEntries,
                              .jacobian_entries = entries,
                              .num_collapsible = 1,
                              .collapsible = collapsible,
                              .collapsed_offset = offsetof(Instance, collapsed),
                              .noise_sources = noise,
                              .num_noise_sources = 2,
                              .num_parameters = kParameters,
                              .num_instance_parameters = 2,
                              .num_outputs = kAll - kParameters,
                              .parameters = parameters,
                              .num_states = 1,
                              .state_index_offset = offsetof(Instance, state),
                              .bound_step_offset = OSDI_NONE,
                              .load_noise = (void (*)(void))load_noise,
                              .load_limit_resistive = load_limit_resistive,
                              .load_limit_reactive = load_limit_reactive,
                              MEMORY_AND_FUNCTIONS}}};
