// Beast's compiled source, once in the program.
#include <boost/beast/src.hpp>
