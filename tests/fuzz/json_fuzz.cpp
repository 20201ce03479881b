#include "tests/fuzz/json.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::json::one_input(data, size);
    return 0;
}
