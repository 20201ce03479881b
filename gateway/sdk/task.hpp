#pragma once

// A coroutine that is awaited by its caller or owned by a runtime::TaskGroup. Read house-style.md
// section 4 before writing one: g++ 12.2 destroys some temporaries of a co_await statement twice.

#include "gateway/core/failure.hpp"

#include <boost/asio/awaitable.hpp>

namespace gateway::sdk {

template <class T = void>
using Task = boost::asio::awaitable<T>;

using core::Errc;
using core::Failure;
using core::Result;

}   // namespace gateway::sdk
