/* A memristor of linear ion drift, its state w an unknown of the circuit:
 *
 *   I(p,n) = (g_off + (g_on - g_off) w) v(p,n)
 *   ddt(w) = mobility v(p,n),  and w = w0 where the analysis is static
 *
 * The residual of w is the difference of both sides. `step`, where it is given, is the longest time
 * step. */
#include <math.h>

#include "model.h"

enum { kP, kN, kW, kNodes };
enum { kGOn, kGOff, kMobility, kW0, kStep, kParameters };
enum { kOutW = kParameters, kAll };
enum { kEntries = 9 };

typedef struct {
  double value[kParameters];
  bool given[kParameters];
} Model;

typedef struct {
  double w0, w, longest_step;
  bool given;
  uint32_t node[kNodes];
  double* jacobian[kEntries];
  double resistive[kNodes], charge, dresistive[kEntries];
} Instance;

static void* access_parameter(void* instance, void* model, uint32_t id, uint32_t flags) {
  Instance* i = instance;
  Model* m = model;
  if (id == kOutW) return &i->w;
  if (id > kOutW) return NULL;
  if ((flags & OSDI_ACCESS_INSTANCE) != 0) {
    if (id != kW0) return NULL;
    if ((flags & OSDI_ACCESS_SET) != 0) i->given = true;
    return &i->w0;
  }
  if ((flags & OSDI_ACCESS_SET) != 0) m->given[id] = true;
  return &m->value[id];
}

static void setup_model(void* handle, void* model, OsdiSimParameters* parameters,
                        OsdiInitInfo* result) {
  static const double kDefaults[kParameters] = {1e-3, 1e-5, 1e5, 0.1, INFINITY};
  Model* m = model;
  (void)handle;
  (void)parameters;
  memset(result, 0, sizeof(*result));
  for (int k = 0; k < kParameters; ++k) {
    if (!m->given[k]) m->value[k] = kDefaults[k];
  }
}

static void setup_instance(void* handle, void* instance, void* model, double kelvin,
                           uint32_t connected, OsdiSimParameters* parameters,
                           OsdiInitInfo* result) {
  Instance* i = instance;
  (void)handle;
  (void)kelvin;
  (void)connected;
  (void)parameters;
  memset(result, 0, sizeof(*result));
  if (!i->given) i->w0 = ((const Model*)model)->value[kW0];
  if (!(i->w0 >= 0 && i->w0 <= 1)) add_bounds_error(result, kW0);
}

static uint32_t eval(void* handle, void* instance, void* model, OsdiSimInfo* info) {
  Instance* i = instance;
  const double* p = ((const Model*)model)->value;
  const double w = info->solution[i->node[kW]];
  const double v = info->solution[i->node[kP]] - info->solution[i->node[kN]];
  const double slope = p[kGOn] - p[kGOff];
  const double g = p[kGOff] + slope * w;
  const bool rests = (info->flags & OSDI_CALC_REACTIVE_JACOBIAN) == 0;
  (void)handle;
  i->resistive[kP] = g * v;
  i->resistive[kN] = -g * v;
  i->resistive[kW] = rests ? w - i->w0 : -p[kMobility] * v;
  i->charge = rests ? 0 : w;
  const double drift = rests ? 0 : p[kMobility];
  const double slopes[kEntries] = {g, -g, slope * v, -g, g, -slope * v, -drift, drift, rests};
  memcpy(i->dresistive, slopes, sizeof(slopes));
  i->w = w;
  i->longest_step = p[kStep];
  return 0;
}

static void load_residual_resistive(void* instance, void* model, double* residual) {
  const Instance* i = instance;
  (void)model;
  for (int k = 0; k < kNodes; ++k) residual[i->node[k]] += i->resistive[k];
}
static void load_residual_reactive(void* instance, void* model, double* residual) {
  const Instance* i = instance;
  (void)model;
  residual[i->node[kW]] += i->charge;
}
static void load_jacobian_resistive(void* instance, void* model) {
  const Instance* i = instance;
  (void)model;
  for (int k = 0; k < kEntries; ++k) *i->jacobian[k] += i->dresistive[k];
}
static void load_jacobian_transient(void* instance, void* model, double alpha) {
  load_jacobian_resistive(instance, model);
  *((Instance*)instance)->jacobian[kEntries - 1] += alpha;
}

#define RESIDUAL(node) offsetof(Instance, resistive[node])
static OsdiNode nodes[] = {
    {"p", "V", "A", RESIDUAL(kP), OSDI_NONE, OSDI_NONE, OSDI_NONE, false},
    {"n", "V", "A", RESIDUAL(kN), OSDI_NONE, OSDI_NONE, OSDI_NONE, false},
    {"w", "", "", RESIDUAL(kW), offsetof(Instance, charge), OSDI_NONE, OSDI_NONE, false}};

#define RESISTIVE(row, column) ENTRY(row, column, OSDI_RESISTIVE)
static OsdiJacobianEntry entries[kEntries] = {
    RESISTIVE(kP, kP), RESISTIVE(kP, kN), RESISTIVE(kP, kW), RESISTIVE(kN, kP), RESISTIVE(kN, kN),
    RESISTIVE(kN, kW), RESISTIVE(kW, kP), RESISTIVE(kW, kN), ENTRY(kW, kW, 12)};

static OsdiParameter parameters[kAll] = {
    {NAMES("g_on"), 0, "", "S", OSDI_TYPE_REAL | OSDI_KIND_MODEL, 0},
    {NAMES("g_off"), 0, "", "S", OSDI_TYPE_REAL | OSDI_KIND_MODEL, 0},
    {NAMES("mobility"), 0, "", "1/(V*s)", OSDI_TYPE_REAL | OSDI_KIND_MODEL, 0},
    {NAMES("w0"), 0, "", "", OSDI_TYPE_REAL | OSDI_KIND_INSTANCE, 0},
    {NAMES("step"), 0, "", "s", OSDI_TYPE_REAL | OSDI_KIND_MODEL, 0},
    {NAMES("w"), 0, "", "", OSDI_TYPE_REAL | OSDI_KIND_OUTPUT, 0}};

EXPORT_LIBRARY = {{.common = {.name = "drift_va",
                              .num_nodes = kNodes,
                              .num_terminals = 2,
                              .nodes = nodes,
                              .num_jacobian_entries = kEntries,
                              .jacobian_entries = entries,
                              .num_parameters = kParameters,
                              .num_instance_parameters = 1,
                              .num_outputs = 1,
                              .parameters = parameters,
                              .bound_step_offset = offsetof(Instance, longest_step),
                              .load_limit_resistive = load_no_limit,
                              .load_limit_reactive = load_no_limit,
                              MEMORY_AND_FUNCTIONS}}};
