/* The binary interface of compiled Verilog-A models, OSDI 0.3 and 0.4, as OpenVAF's libraries
 * export it.
 *
 * A library exports
 *   uint32_t OSDI_VERSION_MAJOR, OSDI_VERSION_MINOR, OSDI_NUM_DESCRIPTORS
 *   OsdiDescriptor OSDI_DESCRIPTORS[], which are OSDI_DESCRIPTOR_SIZE (uint32_t, from 0.4 on) apart
 * and, where its models need them,
 *   OsdiLimitFunction OSDI_LIM_TABLE[] and uint32_t OSDI_LIM_TABLE_LEN, filled in by the simulator
 *   OsdiLog osdi_log, a pointer set by the simulator.
 *
 * Version 0.4 has further fields after those below and another load_noise; all that a simulator
 * needs stands here. Plain C, so that a library can be written against it too.
 * Source: OSDI specification, working draft 0.4. */
#ifndef WORDLINE_DEVICES_OSDI_ABI_H
#define WORDLINE_DEVICES_OSDI_ABI_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Stands for the ground node of a pair, or for a value that an instance does not have. */
#define OSDI_NONE UINT32_MAX

enum OsdiParameterFlags {
  OSDI_TYPE_MASK = 3,
  OSDI_TYPE_REAL = 0,    /* double */
  OSDI_TYPE_INTEGER = 1, /* int32_t */
  OSDI_TYPE_STRING = 2   /* char* */
};
#define OSDI_KIND_MASK (UINT32_C(3) << 30)
#define OSDI_KIND_MODEL (UINT32_C(0) << 30)
#define OSDI_KIND_INSTANCE (UINT32_C(1) << 30)
#define OSDI_KIND_OUTPUT (UINT32_C(2) << 30)

enum OsdiAccessFlags { OSDI_ACCESS_READ = 0, OSDI_ACCESS_SET = 1, OSDI_ACCESS_INSTANCE = 4 };

enum OsdiJacobianFlags {
  OSDI_RESISTIVE_CONSTANT = 1,
  OSDI_REACTIVE_CONSTANT = 2,
  OSDI_RESISTIVE = 4,
  OSDI_REACTIVE = 8
};

/* What eval() is asked for, and in which analysis. */
enum OsdiEvalFlags {
  OSDI_CALC_RESISTIVE_RESIDUAL = 1 << 0,
  OSDI_CALC_REACTIVE_RESIDUAL = 1 << 1,
  OSDI_CALC_RESISTIVE_JACOBIAN = 1 << 2,
  OSDI_CALC_REACTIVE_JACOBIAN = 1 << 3, /* without it integrals stay at their initial values */
  OSDI_CALC_NOISE = 1 << 4,
  OSDI_CALC_OUTPUTS = 1 << 5,
  OSDI_CALC_RESISTIVE_LIMIT = 1 << 6,
  OSDI_CALC_REACTIVE_LIMIT = 1 << 7,
  OSDI_ENABLE_LIMITING = 1 << 8,
  OSDI_INITIALISE_LIMITING = 1 << 9,
  OSDI_ANALYSIS_NOISE = 1 << 10,
  OSDI_ANALYSIS_DC = 1 << 11,
  OSDI_ANALYSIS_AC = 1 << 12,
  OSDI_ANALYSIS_TRANSIENT = 1 << 13,
  OSDI_ANALYSIS_INITIAL = 1 << 14, /* the operating point before a transient */
  OSDI_ANALYSIS_STATIC = 1 << 15,
  OSDI_ANALYSIS_NODESET = 1 << 16
};

/* What eval() and the setups return. */
enum OsdiReturnFlags { OSDI_LIMITED = 1, OSDI_FATAL = 2, OSDI_FINISH = 4, OSDI_STOP = 8 };

enum OsdiLogLevel {
  OSDI_LOG_MASK = 7,
  OSDI_LOG_DEBUG = 0,
  OSDI_LOG_DISPLAY = 1,
  OSDI_LOG_INFO = 2,
  OSDI_LOG_WARNING = 3,
  OSDI_LOG_ERROR = 4,
  OSDI_LOG_FATAL = 5,
  OSDI_LOG_UNFORMATTED = 16 /* the text is a constant of the library; all others are malloc'ed */
};

enum OsdiInitErrorCode { OSDI_OUT_OF_BOUNDS = 1 };

typedef void (*OsdiLog)(void* handle, char* text, uint32_t level);

typedef struct OsdiLimitFunction {
  char* name;
  uint32_t num_args; /* beyond (bool init, bool* limited, double v_new, double v_old) */
  void* function;
} OsdiLimitFunction;

/* $simparam and $simparam$str: names, ended by a null pointer, and their values. */
typedef struct OsdiSimParameters {
  char** names;
  double* values;
  char** text_names;
  char** text_values;
} OsdiSimParameters;

typedef struct OsdiSimInfo {
  OsdiSimParameters parameters;
  double time;        /* s */
  double* solution;   /* read at the instance's node mapping */
  double* last_state; /* read and written at the instance's state indices */
  double* next_state;
  uint32_t flags; /* OsdiEvalFlags */
} OsdiSimInfo;

typedef struct OsdiInitError {
  uint32_t code;
  uint32_t parameter; /* index of the parameter that is out of bounds */
} OsdiInitError;

typedef struct OsdiInitInfo {
  uint32_t flags; /* OsdiReturnFlags */
  uint32_t num_errors;
  OsdiInitError* errors; /* malloc'ed if there are any */
} OsdiInitInfo;

typedef struct OsdiNodePair {
  uint32_t first, second;
} OsdiNodePair;

typedef struct OsdiJacobianEntry {
  OsdiNodePair at;              /* row, column */
  uint32_t reactive_ptr_offset; /* OSDI_NONE without a reactive part */
  uint32_t flags;               /* OsdiJacobianFlags */
} OsdiJacobianEntry;

/* An unknown of a model: its terminals come first. Offsets are bytes in the instance. */
typedef struct OsdiNode {
  char* name;
  char* units;
  char* residual_units;
  uint32_t resistive_residual_offset;
  uint32_t reactive_residual_offset;
  uint32_t resistive_limit_offset;
  uint32_t reactive_limit_offset;
  bool is_flow;
} OsdiNode;

typedef struct OsdiParameter {
  char** names; /* its name, then its aliases */
  uint32_t num_aliases;
  char* description;
  char* units;
  uint32_t flags;
  uint32_t length; /* 0: no array */
} OsdiParameter;

typedef struct OsdiNoiseSource {
  char* name; /* may be null */
  OsdiNodePair nodes;
} OsdiNoiseSource;

typedef struct OsdiDescriptor {
  char* name;

  uint32_t num_nodes;
  uint32_t num_terminals;
  OsdiNode* nodes;

  uint32_t num_jacobian_entries;
  OsdiJacobianEntry* jacobian_entries;

  uint32_t num_collapsible;
  OsdiNodePair* collapsible; /* second: OSDI_NONE for ground */
  uint32_t collapsed_offset; /* bool each, written by setup_instance */

  OsdiNoiseSource* noise_sources;
  uint32_t num_noise_sources;

  uint32_t num_parameters; /* of models and instances */
  uint32_t num_instance_parameters;
  uint32_t num_outputs;      /* operating-point variables */
  OsdiParameter* parameters; /* parameters and outputs */

  uint32_t node_mapping_offset;       /* uint32_t each: index into solution and residual */
  uint32_t resistive_jacobian_offset; /* double* each */

  uint32_t num_states;
  uint32_t state_index_offset; /* uint32_t each */

  uint32_t bound_step_offset; /* double, what $bound_step asks for; OSDI_NONE if it never does */

  uint32_t instance_size;
  uint32_t model_size;

  void* (*access)(void* instance, void* model, uint32_t parameter, uint32_t flags);
  void (*setup_model)(void* handle, void* model, OsdiSimParameters* parameters,
                      OsdiInitInfo* result);
  void (*setup_instance)(void* handle, void* instance, void* model, double kelvin,
                         uint32_t connected_terminals, OsdiSimParameters* parameters,
                         OsdiInitInfo* result);
  uint32_t (*eval)(void* handle, void* instance, void* model, OsdiSimInfo* info);

  /* Spectral densities at a frequency, one a source; in 0.3 a further array takes logarithms. */
  void (*load_noise)(void);

  /* These add to what is there; limits make of the residual the tangent at the solution. */
  void (*load_residual_resistive)(void* instance, void* model, double* residual);
  void (*load_residual_reactive)(void* instance, void* model, double* residual);
  void (*load_limit_resistive)(void* instance, void* model, double* residual);
  void (*load_limit_reactive)(void* instance, void* model, double* residual);
  void (*load_spice_rhs_dc)(void* instance, void* model, double* rhs, double* solution);
  void (*load_spice_rhs_transient)(void* instance, void* model, double* rhs, double* solution,
                                   double alpha);
  void (*load_jacobian_resistive)(void* instance, void* model);
  void (*load_jacobian_reactive)(void* instance, void* model, double alpha);
  /* Both parts, to where the pointers of the resistive entries point. */
  void (*load_jacobian_transient)(void* instance, void* model, double alpha);
} OsdiDescriptor;

#ifdef __cplusplus
}
#endif

#endif
