# The ABI stamp hashes every header an adapter may include, so that a plugin built against other headers is refused by name.
file(GLOB stamp_headers CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/gateway/core/*.hpp" "${CMAKE_SOURCE_DIR}/gateway/json/*.hpp"
    "${CMAKE_SOURCE_DIR}/gateway/sdk/*.hpp" "${CMAKE_SOURCE_DIR}/gateway/seal/*.hpp"
    "${CMAKE_SOURCE_DIR}/gateway/crypto/base64url.hpp" "${CMAKE_SOURCE_DIR}/gateway/crypto/certificate.hpp"
    "${CMAKE_SOURCE_DIR}/gateway/crypto/jws.hpp" "${CMAKE_SOURCE_DIR}/gateway/crypto/jwk.hpp"
    "${CMAKE_SOURCE_DIR}/gateway/crypto/digest.hpp"
    "${CMAKE_SOURCE_DIR}/gateway/runtime/with_deadline.hpp"
    "${CMAKE_SOURCE_DIR}/gateway/runtime/task_group.hpp" "${CMAKE_SOURCE_DIR}/gateway/runtime/single_flight.hpp"
    "${CMAKE_SOURCE_DIR}/gateway/runtime/crash_point.hpp")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${stamp_headers})
set(stamp_text "")
foreach(header IN LISTS stamp_headers)
    file(SHA256 "${header}" one)
    string(APPEND stamp_text "${one}")
endforeach()
string(SHA256 SLUSE_SDK_HASH "${stamp_text}")
file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/generated/sluse_sdk_hash.hpp"
    CONTENT "#pragma once\n#define SLUSE_SDK_HASH \"@SLUSE_SDK_HASH@\"\n" @ONLY)
target_include_directories(gateway_sdk PUBLIC "${CMAKE_BINARY_DIR}/generated")
