#include "gateway/json/merge_patch.hpp"

#include <utility>

namespace gateway::json {

Value merge_patch(Value target, const Value& patch) {
    if (!patch.is_object()) {
        return patch;
    }
    if (!target.is_object()) {
        target = Value::object();
    }
    for (const auto& [name, wanted] : patch.members()) {
        if (wanted.is_null()) {
            target.remove(name);
            continue;
        }
        auto* there = target.find(name);
        target.set(name, merge_patch(there == nullptr ? Value() : std::move(*there), wanted));
    }
    return target;
}

}   // namespace gateway::json
