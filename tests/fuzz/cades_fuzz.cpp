#include "tests/fuzz/cades.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::cades::one_input(data, size);
    return 0;
}
