#include "tests/support/simulated_file_system.hpp"

#include <algorithm>
#include <functional>
#include <stdexcept>

namespace tests {

using gateway::core::Errc;
using gateway::core::Failure;
using gateway::core::Result;
using gateway::runtime::File;

/// A file or a folder; `synced` is what a power cut cannot take.
struct SimulatedFileSystem::Node {
    using Entries = std::map<std::string, std::shared_ptr<Node>>;

    bool is_folder = false;
    std::string bytes;
    std::size_t synced_bytes = 0;   // files only grow: a prefix
    Entries entries;
    Entries synced_entries;
};

struct SimulatedFileSystem::Disk {
    std::shared_ptr<Node> root = std::make_shared<Node>();
    std::uint64_t capacity = std::numeric_limits<std::uint64_t>::max() / 4;
    int changes = 0;
    std::optional<int> changes_left;
    int syncs_until_failure = 0;
    int life = 0;   // counts power cuts

    /// Every change to the disk asks first.
    Result<void> change() {
        if (changes_left && *changes_left == 0) {
            return Failure(Errc::storage_failed, "the power is off");
        }
        if (changes_left) {
            --*changes_left;
        }
        ++changes;
        return {};
    }

    std::shared_ptr<Node> find(const std::string& path) const {
        std::shared_ptr<Node> node = root;
        for (std::size_t at = 0; at < path.size() && node;) {
            const std::size_t end = std::min(path.find('/', at), path.size());
            const auto place = node->entries.find(path.substr(at, end - at));
            node = place == node->entries.end() ? nullptr : place->second;
            at = end + 1;
        }
        return node;
    }

    /// The folder and the last part of a path.
    std::pair<std::shared_ptr<Node>, std::string> split(const std::string& path) const {
        const std::size_t slash = path.rfind('/');
        if (slash == std::string::npos) {
            return {root, path};
        }
        auto folder = find(path.substr(0, slash));
        return {folder && folder->is_folder ? folder : nullptr, path.substr(slash + 1)};
    }

    void each_file(const Node& node, const std::string& path,
                   const std::function<void(const std::string&, const Node&)>& visit) const {
        for (const auto& [name, child] : node.entries) {
            const std::string full = path.empty() ? name : path + "/" + name;
            if (child->is_folder) {
                each_file(*child, full, visit);
            } else {
                visit(full, *child);
            }
        }
    }

    std::uint64_t used() const {
        std::uint64_t sum = 0;
        each_file(*root, {},
                  [&sum](const std::string&, const Node& node) { sum += node.bytes.size(); });
        return sum;
    }
};

namespace {

using Node = SimulatedFileSystem::Node;
using Disk = SimulatedFileSystem::Disk;

class SimulatedFile final : public File {
public:
    SimulatedFile(std::shared_ptr<Disk> disk, std::shared_ptr<Node> node)
        : disk_(std::move(disk)), node_(std::move(node)), life_(disk_->life) {}

    Result<void> append(std::span<const char> bytes) override {
        if (auto allowed = change(); !allowed) {
            return allowed;
        }
        const std::uint64_t used = disk_->used();
        const std::uint64_t room = disk_->capacity > used ? disk_->capacity - used : 0;
        const auto fitting = static_cast<std::size_t>(std::min<std::uint64_t>(room, bytes.size()));
        node_->bytes.append(bytes.data(), fitting);
        if (fitting < bytes.size()) {
            return Failure(Errc::storage_full, "write: no space left on device");
        }
        return {};
    }

    Result<std::size_t> read_at(std::uint64_t offset, std::span<char> out) override {
        if (life_ != disk_->life) {
            return dead();
        }
        if (offset >= node_->bytes.size()) {
            return std::size_t{0};
        }
        return node_->bytes.copy(out.data(), out.size(), static_cast<std::size_t>(offset));
    }

    Result<void> sync() override {
        if (auto allowed = change(); !allowed) {
            return allowed;
        }
        if (disk_->syncs_until_failure > 0 && --disk_->syncs_until_failure == 0) {
            node_->bytes.resize(node_->synced_bytes);
            return Failure(Errc::storage_failed, "fsync: input/output error");
        }
        node_->synced_bytes = node_->bytes.size();
        return {};
    }

    Result<std::uint64_t> size() override {
        if (life_ != disk_->life) {
            return dead();
        }
        return node_->bytes.size();
    }

private:
    static Failure dead() { return Failure(Errc::storage_failed, "opened before the power cut"); }
    Result<void> change() { return life_ == disk_->life ? disk_->change() : Result<void>(dead()); }

    std::shared_ptr<Disk> disk_;
    std::shared_ptr<Node> node_;
    int life_;
};

void cut_file(Node& node, std::mt19937_64& random) {
    const std::size_t unsynced = node.bytes.size() - node.synced_bytes;
    const std::size_t kept =
        unsynced == 0 ? 0 : static_cast<std::size_t>(random() % (unsynced + 1));
    node.bytes.resize(node.synced_bytes + kept);
    if (kept > 0 && random() % 4 == 0) {
        // The size reached the disk, the bytes did not.
        std::fill(node.bytes.end() - static_cast<std::ptrdiff_t>(kept), node.bytes.end(), '\0');
    }
    node.synced_bytes = node.bytes.size();
}

void cut_folder(Node& folder, std::mt19937_64& random) {
    Node::Entries left = folder.synced_entries;
    for (const auto& [name, child] : folder.entries) {
        const auto synced = folder.synced_entries.find(name);
        const bool is_new = synced == folder.synced_entries.end() || synced->second != child;
        if (is_new && random() % 2 == 0) {
            left[name] = child;
        }
    }
    for (const auto& [name, child] : folder.synced_entries) {
        if (!folder.entries.contains(name) && random() % 2 == 0) {
            left.erase(name);
        }
    }
    folder.entries = left;
    folder.synced_entries = left;
    for (const auto& [name, child] : left) {
        if (child->is_folder) {
            cut_folder(*child, random);
        } else {
            cut_file(*child, random);
        }
    }
}

}   // namespace

SimulatedFileSystem::SimulatedFileSystem() : disk_(std::make_shared<Disk>()) {
    disk_->root->is_folder = true;
}

SimulatedFileSystem::~SimulatedFileSystem() = default;

Result<std::unique_ptr<File>> SimulatedFileSystem::create(const std::string& path) {
    if (auto allowed = disk_->change(); !allowed) {
        return allowed.error();
    }
    const auto [folder, name] = disk_->split(path);
    if (!folder) {
        return Failure(Errc::not_found, "create: no such folder");
    }
    if (folder->entries.contains(name)) {
        return Failure(Errc::conflict, "create: exists");
    }
    auto node = std::make_shared<Node>();
    folder->entries[name] = node;
    return std::unique_ptr<File>(std::make_unique<SimulatedFile>(disk_, std::move(node)));
}

Result<std::unique_ptr<File>> SimulatedFileSystem::open(const std::string& path) {
    auto node = disk_->find(path);
    if (!node || node->is_folder) {
        return Failure(Errc::not_found, "open: no such file");
    }
    return std::unique_ptr<File>(std::make_unique<SimulatedFile>(disk_, std::move(node)));
}

Result<void> SimulatedFileSystem::rename(const std::string& from, const std::string& to) {
    if (auto allowed = disk_->change(); !allowed) {
        return allowed;
    }
    const auto [old_folder, old_name] = disk_->split(from);
    const auto [new_folder, new_name] = disk_->split(to);
    if (!old_folder || !new_folder || !old_folder->entries.contains(old_name)) {
        return Failure(Errc::not_found, "rename: no such file or folder");
    }
    auto node = old_folder->entries.at(old_name);
    old_folder->entries.erase(old_name);
    new_folder->entries[new_name] = std::move(node);
    return {};
}

Result<void> SimulatedFileSystem::remove(const std::string& path) {
    if (auto allowed = disk_->change(); !allowed) {
        return allowed;
    }
    if (const auto [folder, name] = disk_->split(path); folder) {
        folder->entries.erase(name);
    }
    return {};
}

Result<void> SimulatedFileSystem::make_directory(const std::string& path) {
    std::shared_ptr<Node> node = disk_->root;
    for (std::size_t at = 0; at < path.size();) {
        const std::size_t end = std::min(path.find('/', at), path.size());
        auto& child = node->entries[path.substr(at, end - at)];
        if (!child) {
            if (auto allowed = disk_->change(); !allowed) {
                node->entries.erase(path.substr(at, end - at));
                return allowed;
            }
            child = std::make_shared<Node>();
            child->is_folder = true;
        }
        node = child;
        at = end + 1;
    }
    return {};
}

Result<void> SimulatedFileSystem::sync_directory(const std::string& path) {
    if (auto allowed = disk_->change(); !allowed) {
        return allowed;
    }
    const auto node = disk_->find(path);
    if (!node || !node->is_folder) {
        return Failure(Errc::not_found, "fsync directory: no such folder");
    }
    node->synced_entries = node->entries;
    return {};
}

Result<std::vector<std::string>> SimulatedFileSystem::list(const std::string& directory) {
    const auto node = disk_->find(directory);
    if (!node || !node->is_folder) {
        return Failure(Errc::not_found, "list: no such folder");
    }
    std::vector<std::string> names;
    for (const auto& [name, child] : node->entries) {
        names.push_back(name);
    }
    return names;
}

Result<bool> SimulatedFileSystem::exists(const std::string& path) {
    return disk_->find(path) != nullptr;
}

Result<std::uint64_t> SimulatedFileSystem::free_bytes() {
    const std::uint64_t used = disk_->used();
    return disk_->capacity > used ? disk_->capacity - used : 0;
}

void SimulatedFileSystem::power_cut(std::uint64_t seed) {
    std::mt19937_64 random(seed);
    cut_folder(*disk_->root, random);
    ++disk_->life;
    disk_->changes_left.reset();
    disk_->syncs_until_failure = 0;
    disk_->capacity = std::numeric_limits<std::uint64_t>::max() / 4;
}

void SimulatedFileSystem::set_capacity(std::uint64_t bytes) {
    disk_->capacity = bytes;
}

void SimulatedFileSystem::fail_sync(int nth) {
    disk_->syncs_until_failure = nth;
}

void SimulatedFileSystem::power_off_after(int count) {
    disk_->changes_left = count;
}

bool SimulatedFileSystem::is_off() const {
    return disk_->changes_left == 0;
}

int SimulatedFileSystem::changes() const {
    return disk_->changes;
}

std::vector<std::string> SimulatedFileSystem::files() const {
    std::vector<std::string> paths;
    disk_->each_file(*disk_->root, {},
                     [&paths](const std::string& path, const Node&) { paths.push_back(path); });
    return paths;
}

std::string& SimulatedFileSystem::contents(const std::string& path) {
    const auto node = disk_->find(path);
    if (!node || node->is_folder) {
        throw std::runtime_error("no such file: " + path);
    }
    return node->bytes;
}

std::uint64_t SimulatedFileSystem::used() const {
    return disk_->used();
}

}   // namespace tests
