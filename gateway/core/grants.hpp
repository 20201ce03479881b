#pragma once

// What a specialist system may do: "send:letter", "messages:read-all".

#include <initializer_list>
#include <memory>
#include <set>
#include <string>
#include <utility>

namespace gateway::core {

/// A set of words as a value. Copies share one set until they are changed: each call to the API
/// carries those of its caller, from hand to hand. A copy of one thread's own, as any value.
class Grants {
public:
    using Set = std::set<std::string>;

    Grants() : all_(none()) {}
    Grants(std::initializer_list<std::string> all) : all_(std::make_shared<const Set>(all)) {}
    Grants(Set all) : all_(std::make_shared<const Set>(std::move(all))) {}

    bool contains(const std::string& grant) const { return all_->contains(grant); }
    auto begin() const { return all_->begin(); }
    auto end() const { return all_->end(); }

    void insert(std::string grant) {
        Set changed = *all_;
        changed.insert(std::move(grant));
        all_ = std::make_shared<const Set>(std::move(changed));
    }
    void clear() { all_ = none(); }

    friend bool operator==(const Grants& a, const Grants& b) { return *a.all_ == *b.all_; }

private:
    static const std::shared_ptr<const Set>& none() {
        static const auto set = std::make_shared<const Set>();
        return set;
    }

    std::shared_ptr<const Set> all_;
};

}   // namespace gateway::core
