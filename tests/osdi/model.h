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

#endif
