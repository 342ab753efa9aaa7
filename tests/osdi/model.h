/* What the models of the tests share: how a compiler would export one module. */
#ifndef WORDLINE_TESTS_OSDI_MODEL_H
#define WORDLINE_TESTS_OSDI_MODEL_H

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "wordline/devices/osdi/abi.h"

#define EXPORT __attribute__((visibility("default")))

#ifndef OSDI_MINOR
#define OSDI_MINOR 4
#endif

/* Version 0.4 appends 88 bytes, which nobody reads here. */
typedef struct {
  OsdiDescriptor common;
#if OSDI_MINOR >= 4
  void* more[11];
#endif
} Descriptor;

/* The value of $simparam(name), or `otherwise`. */
static inline double sim_parameter(const OsdiSimParameters* parameters, const char* name,
                                   double otherwise) {
  for (int k = 0; parameters->names[k] != NULL; ++k) {
    if (strcmp(parameters->names[k], name) == 0) return parameters->values[k];
  }
  return otherwise;
}

static inline void add_bounds_error(OsdiInitInfo* result, uint32_t parameter) {
  result->errors = realloc(result->errors, (result->num_errors + 1) * sizeof(OsdiInitError));
  result->errors[result->num_errors].code = OSDI_OUT_OF_BOUNDS;
  result->errors[result->num_errors].parameter = parameter;
  ++result->num_errors;
}

/* For a model that limits nothing. */
static inline void load_no_limit(void* instance, void* model, double* residual) {
  (void)instance;
  (void)model;
  (void)residual;
}

#define NAMES(...) ((char*[]){__VA_ARGS__})
#define ENTRY(row, column, flags) \
  { {row, column}, OSDI_NONE, flags }

/* What a library says of itself; its one descriptor follows. */
#if OSDI_MINOR >= 4
#define EXPORT_DESCRIPTOR_SIZE EXPORT uint32_t OSDI_DESCRIPTOR_SIZE = sizeof(Descriptor);
#else
#define EXPORT_DESCRIPTOR_SIZE
#endif
#define EXPORT_LIBRARY                             \
  EXPORT uint32_t OSDI_VERSION_MAJOR = 0;          \
  EXPORT uint32_t OSDI_VERSION_MINOR = OSDI_MINOR; \
  EXPORT uint32_t OSDI_NUM_DESCRIPTORS = 1;        \
  EXPORT_DESCRIPTOR_SIZE                           \
  EXPORT Descriptor OSDI_DESCRIPTORS[]

/* Of a descriptor: the memory and the functions, which have these names in every model. */
#define MEMORY_AND_FUNCTIONS                                                                    \
  .node_mapping_offset = offsetof(Instance, node),                                              \
  .resistive_jacobian_offset = offsetof(Instance, jacobian), .instance_size = sizeof(Instance), \
  .model_size = sizeof(Model), .access = access_parameter, .setup_model = setup_model,          \
  .setup_instance = setup_instance, .eval = eval,                                               \
  .load_residual_resistive = load_residual_resistive,                                           \
  .load_residual_reactive = load_residual_reactive,                                             \
  .load_jacobian_resistive = load_jacobian_resistive,                                           \
  .load_jacobian_transient = load_jacobian_transient

#endif
