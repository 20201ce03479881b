#include "tests/fuzz/archive.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::archive::one_input(data, size);
    return 0;
}
