#include "gateway/runtime/memory.hpp"

#include <malloc.h>

// Of gperftools (tcmalloc), where the program is linked with it; its header says no more of it.
extern "C" [[gnu::weak]] void MallocExtension_ReleaseFreeMemory(void);

namespace gateway::runtime {

void give_back_unused_memory() {
    if (MallocExtension_ReleaseFreeMemory != nullptr) {
        MallocExtension_ReleaseFreeMemory();
        return;
    }
    ::malloc_trim(0);
}

}   // namespace gateway::runtime
