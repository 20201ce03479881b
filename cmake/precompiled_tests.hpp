// As precompiled.hpp, for what is a test.
#pragma once
#include "cmake/precompiled.hpp"
#include "tests/support/fake_host.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>
