#include "tests/fuzz/krr_person.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::krr_person::one_input(data, size);
    return 0;
}
