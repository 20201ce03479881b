#pragma once

// The files of a container as a signature sees them.

#include "gateway/core/ids.hpp"

#include <string>

namespace gateway::seal {

/// A file to be signed. `name` is its UTF-8 path in the container.
struct FileToSign {
    std::string name;
    std::string media_type;
    core::Sha256 sha256;
};

/// A file that lies in a container. A verifier leaves out `mimetype` and what is under META-INF/.
struct ContainerFile {
    std::string name;
    core::Sha256 sha256;
};

inline constexpr std::size_t signed_files_max = 2000;   // DPI allows 201; Fiks says nothing

}   // namespace gateway::seal
