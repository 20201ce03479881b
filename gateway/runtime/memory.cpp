#include "gateway/runtime/memory.hpp"

#include <malloc.h>

#include <cstddef>

// Of gperftools (tcmalloc): null where the program is not linked with it. Their header is in a
// package for building with it that nothing else needs.
extern "C" {
[[gnu::weak]] void MallocExtension_ReleaseToSystem(std::size_t bytes);
[[gnu::weak]] int MallocExtension_GetNumericProperty(const char* name, std::size_t* value);
}

namespace gateway::runtime {
namespace {

// It keeps everybody who needs new pages waiting meanwhile.
constexpr std::size_t step = 2U << 20U;
constexpr int steps_max = 512;

std::size_t unused_bytes() {
    std::size_t bytes = 0;
    return MallocExtension_GetNumericProperty("tcmalloc.pageheap_free_bytes", &bytes) != 0 ? bytes
                                                                                           : 0;
}

}   // namespace

void give_back_unused_memory() {
    if (MallocExtension_ReleaseToSystem == nullptr ||
        MallocExtension_GetNumericProperty == nullptr) {
        ::malloc_trim(0);
        return;
    }
    for (int i = 0; i < steps_max && unused_bytes() > 0; ++i) {
        MallocExtension_ReleaseToSystem(step);
    }
}

}   // namespace gateway::runtime
