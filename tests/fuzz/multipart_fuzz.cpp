#include "tests/fuzz/multipart.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::multipart::one_input(data, size);
    return 0;
}
