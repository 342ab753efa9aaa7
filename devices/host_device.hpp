// The same model lines compile for the CPU and the GPU.
#pragma once

#ifdef __CUDACC__
#define WORDLINE_HD __host__ __device__
#else
#define WORDLINE_HD
#endif
