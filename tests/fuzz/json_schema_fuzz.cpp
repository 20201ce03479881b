#include "tests/fuzz/json_schema.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::json_schema::one_input(data, size);
    return 0;
}
