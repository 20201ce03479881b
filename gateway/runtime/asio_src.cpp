// The one compiled copy of Asio, shared by the program and every adapter through libgateway_sdk.so.
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
