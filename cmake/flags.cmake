# Compiler switches that hold for every target of ours. Boost and the other libraries are SYSTEM.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Debug)
endif()

# What is built lies as it will be installed: bin/sluse, lib/sluse/*.so, lib/sluse/adapters, lib/sluse/standins.
set(SLUSE_BIN_DIR "${CMAKE_BINARY_DIR}/bin")
set(SLUSE_LIB_DIR "${CMAKE_BINARY_DIR}/lib/sluse")

set(SLUSE_SANITIZE "" CACHE STRING "address, undefined or thread; empty for none")
set(SLUSE_FLAVOUR "dev" CACHE STRING "name of the tree, shown in the ABI stamp")

find_program(CCACHE ccache)
if(CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE}")
endif()

add_library(sluse_flags INTERFACE)
target_compile_options(sluse_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror -fstack-protector-strong)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # g++ 12 reports these inside the standard library once optimised (false positives, PR 105329 and kin).
    target_compile_options(sluse_flags INTERFACE -fcoroutines -Wno-restrict -Wno-maybe-uninitialized
        -Wno-stringop-overflow -Wno-stringop-overread -Wno-array-bounds -Wno-dangling-pointer
        -Wno-mismatched-new-delete)
endif()
if(SLUSE_SANITIZE)
    add_compile_options(-fsanitize=${SLUSE_SANITIZE} -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${SLUSE_SANITIZE})
    if(CMAKE_BUILD_TYPE STREQUAL "Debug")
        add_compile_options(-O1)
    endif()
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release")
    add_compile_definitions(_FORTIFY_SOURCE=2)
    add_link_options(-Wl,-z,relro,-z,now)
endif()
# Of debug information lines are enough for a stack trace; they are a tenth of a build's time, which `dev` does without.
option(SLUSE_LINES "line numbers in stack traces and debuggers" ON)
add_compile_options($<IF:$<BOOL:${SLUSE_LINES}>,-g1,-g0>)
# std::move, std::forward and their like are no calls, as they are none in the other trees: a twentieth of a build without optimising.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND SLUSE_FLAVOUR STREQUAL "dev")
    add_compile_options(-ffold-simple-inlines)
endif()
