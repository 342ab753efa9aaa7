/* Libraries of one module without anything to compute, each with one fault: -DFAULT_<which>. */
#include "model.h"

typedef struct {
  uint32_t node[2];
  double* jacobian[1];
} Instance;

static void* access_parameter(void* instance, void* model, uint32_t id, uint32_t flags) {
  (void)instance;
  (void)model;
  (void)id;
  (void)flags;
  return NULL;
}
static void setup_model(void* handle, void* model, OsdiSimParameters* parameters,
                        OsdiInitInfo* result) {
  (void)handle;
  (void)model;
  (void)parameters;
  memset(result, 0, sizeof(*result));
}
static void setup_instance(void* handle, void* instance, void* model, double kelvin,
                           uint32_t connected, OsdiSimParameters* parameters,
                           OsdiInitInfo* result) {
  (void)instance;
  (void)kelvin;
  (void)connected;
  setup_model(handle, model, parameters, result);
}
static uint32_t eval(void* handle, void* instance, void* model, OsdiSimInfo* info) {
  (void)handle;
  (void)instance;
  (void)model;
  (void)info;
  return 0;
}
static void load(void* instance, void* model, double* residual) {
  (void)instance;
  (void)model;
  (void)residual;
}
static void load_jacobian(void* instance, void* model) {
  (void)instance;
  (void)model;
}
static void load_transient(void* instance, void* model, double alpha) {
  (void)instance;
  (void)model;
  (void)alpha;
}

static OsdiNode nodes[] = {{"p", "V", "A", 0, OSDI_NONE, OSDI_NONE, OSDI_NONE, false},
                           {"n", "V", "A", 0, OSDI_NONE, OSDI_NONE, OSDI_NONE, false}};
#ifdef FAULT_ENTRY
static OsdiJacobianEntry entries[] = {{{0, 7}, OSDI_NONE, OSDI_RESISTIVE}};
#else
static OsdiJacobianEntry entries[] = {{{0, 1}, OSDI_NONE, OSDI_RESISTIVE}};
#endif
#ifdef FAULT_TYPE
static OsdiParameter parameters[] = {{(char*[]){"r"}, 0, "", "", 3, 0}};
#else
static OsdiParameter parameters[] = {{(char*[]){"r"}, 0, "", "", OSDI_TYPE_REAL, 0}};
#endif

EXPORT uint32_t OSDI_VERSION_MAJOR = 0;
#ifdef FAULT_VERSION
EXPORT uint32_t OSDI_VERSION_MINOR = 2;
#else
EXPORT uint32_t OSDI_VERSION_MINOR = OSDI_MINOR;
#endif
#ifdef FAULT_EMPTY
EXPORT uint32_t OSDI_NUM_DESCRIPTORS = 0;
#else
EXPORT uint32_t OSDI_NUM_DESCRIPTORS = 1;
#endif
#ifdef FAULT_SIZE
EXPORT uint32_t OSDI_DESCRIPTOR_SIZE = 64;
#else
EXPORT uint32_t OSDI_DESCRIPTOR_SIZE = sizeof(Descriptor);
#endif
#ifdef FAULT_LIMIT
EXPORT uint32_t OSDI_LIM_TABLE_LEN = 2;
EXPORT OsdiLimitFunction OSDI_LIM_TABLE[] = {{"pnjlim", 3, NULL}, {"mylim", 0, NULL}};
#endif
#ifdef FAULT_SYMBOL
#define OSDI_DESCRIPTORS OTHER_DESCRIPTORS
#endif
EXPORT Descriptor OSDI_DESCRIPTORS[] = {
    {.common = {.name = "faulty",
                .num_nodes = 2,
                .num_terminals = 2,
#ifndef FAULT_NODES
                .nodes = nodes,
#endif
                .num_jacobian_entries = 1,
                .jacobian_entries = entries,
                .num_parameters = 1,
                .parameters = parameters,
                .node_mapping_offset = offsetof(Instance, node),
                .resistive_jacobian_offset = offsetof(Instance, jacobian),
#ifdef FAULT_MEMORY
                .instance_size = 4,
#else
                .instance_size = sizeof(Instance),
#endif
                .access = access_parameter,
                .setup_model = setup_model,
                .setup_instance = setup_instance,
#ifndef FAULT_FUNCTION
                .eval = eval,
#endif
                .load_residual_resistive = load,
                .load_residual_reactive = load,
                .load_limit_resistive = load,
                .load_limit_reactive = load,
                .load_jacobian_resistive = load_jacobian,
                .load_jacobian_transient = load_transient}}};
