#include "tests/fuzz/revocation.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::revocation::one_input(data, size);
    return 0;
}
