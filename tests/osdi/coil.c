/* An inductor, its current an unknown of its own, and a terminal that shows the current:
 *
 *   V(p,n) = ddt(l I),   I(t) = v(t)/r - I
 *
 * Without a node for t, t is ground ($port_connected). */
#include "model.h"

enum { kP, kN, kT, kFlow, kNodes };
enum { kL, kR, kParameters };
enum { kEntries = 8 };

typedef struct {
  double value[kParameters];
  bool given[kParameters];
} Model;

typedef struct {
  uint32_t node[kNodes];
  bool collapsed[1];
  double* jacobian[kEntries];
  double resistive[kNodes], flux;
} Instance;

static void* access_parameter(void* instance, void* model, uint32_t id, uint32_t flags) {
  Model* m = model;
  (void)instance;
  if (id >= kParameters || (flags & OSDI_ACCESS_INSTANCE) != 0) return NULL;
  if ((flags & OSDI_ACCESS_SET) != 0) m->given[id] = true;
  return &m->value[id];
}

static void setup_model(void* handle, void* model, OsdiSimParameters* parameters,
                        OsdiInitInfo* result) {
  static const double kDefaults[kParameters] = {1e-3, 1e3};
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
  (void)handle;
  (void)model;
  (void)kelvin;
  (void)parameters;
  memset(result, 0, sizeof(*result));
  if (connected <= kT) ((Instance*)instance)->collapsed[0] = true;
}

static uint32_t eval(void* handle, void* instance, void* model, OsdiSimInfo* info) {
  Instance* i = instance;
  const Model* m = model;
  const double* x = info->solution;
  const double current = x[i->node[kFlow]];
  (void)handle;
  i->resistive[kP] = current;
  i->resistive[kN] = -current;
  i->resistive[kT] = x[i->node[kT]] / m->value[kR] - current;
  i->resistive[kFlow] = x[i->node[kP]] - x[i->node[kN]];
  i->flux = -m->value[kL] * current;
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
  residual[i->node[kFlow]] += i->flux;
}
static void load_jacobian_transient(void* instance, void* model, double alpha) {
  const Instance* i = instance;
  const Model* m = model;
  const double slopes[kEntries] = {1, -1, 1 / m->value[kR], -1, 1, -1, 0, -alpha * m->value[kL]};
  for (int k = 0; k < kEntries; ++k) *i->jacobian[k] += slopes[k];
}
static void load_jacobian_resistive(void* instance, void* model) {
  load_jacobian_transient(instance, model, 0);
}

#define NODE(name, units, residual, reactive, is_flow) \
  { name, units, residual, offsetof(Instance, resistive), reactive, OSDI_NONE, OSDI_NONE, is_flow }
static OsdiNode nodes[] = {NODE("p", "V", "A", OSDI_NONE, false),
                           NODE("n", "V", "A", OSDI_NONE, false),
                           NODE("t", "V", "A", OSDI_NONE, false),
                           NODE("flow(p,n)", "A", "V", offsetof(Instance, flux), true)};
static OsdiJacobianEntry entries[kEntries] = {
    ENTRY(kP, kFlow, OSDI_RESISTIVE), ENTRY(kN, kFlow, OSDI_RESISTIVE),
    ENTRY(kT, kT, OSDI_RESISTIVE),    ENTRY(kT, kFlow, OSDI_RESISTIVE),
    ENTRY(kFlow, kP, OSDI_RESISTIVE), ENTRY(kFlow, kN, OSDI_RESISTIVE),
    ENTRY(kFlow, kT, OSDI_RESISTIVE), ENTRY(kFlow, kFlow, OSDI_REACTIVE)};
static OsdiNodePair collapsible[] = {{kT, OSDI_NONE}};

static OsdiParameter parameters[kParameters] = {
    {NAMES("l"), 0, "", "H", OSDI_TYPE_REAL | OSDI_KIND_MODEL, 0},
    {NAMES("r"), 0, "", "Ohm", OSDI_TYPE_REAL | OSDI_KIND_MODEL, 0}};

EXPORT_LIBRARY = {{.common = {.name = "coil_va",
                              .num_nodes = kNodes,
                              .num_terminals = 3,
                              .nodes = nodes,
                              .num_jacobian_entries = kEntries,
                              .jacobian_entries = entries,
                              .num_collapsible = 1,
                              .collapsible = collapsible,
                              .collapsed_offset = offsetof(Instance, collapsed),
                              .num_parameters = kParameters,
                              .parameters = parameters,
                              .bound_step_offset = OSDI_NONE,
                              .load_limit_resistive = load_no_limit,
                              .load_limit_reactive = load_no_limit,
                              MEMORY_AND_FUNCTIONS}}};
