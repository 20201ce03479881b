// As precompiled.hpp, for what is a test.
#pragma once
#include "cmake/precompiled.hpp"
#include "tests/support/fake_host.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/run.hpp"

// An exception from within a CHECK ends the test with its text, without the line of that CHECK: a handler around each of them was
// much of what a test took to compile.
#define CATCH_CONFIG_FAST_COMPILE
#include <catch2/catch.hpp>
