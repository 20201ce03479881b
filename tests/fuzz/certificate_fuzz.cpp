#include "tests/fuzz/certificate.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::certificate::one_input(data, size);
    return 0;
}
