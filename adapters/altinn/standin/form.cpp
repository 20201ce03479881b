#include "adapters/altinn/standin/form.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <map>

namespace gateway::altinn::standin {

using json::Value;

namespace {

constexpr std::size_t index_max = 1000;
constexpr std::size_t depth_max = 8;

constexpr std::array<std::string_view, 7> flags{"isencrypted",
                                                "sendreminder",
                                                "ignorereservation",
                                                "isconfirmationneeded",
                                                "isconfidential",
                                                "allowforwarding",
                                                "overrideregisteredcontactinformation"};
constexpr std::array<std::string_view, 2> lists{"recipients", "existingattachments"};

/// Either a text or members; a list is members with numbers for names.
struct Node {
    std::vector<std::string> texts;
    std::map<std::string, Node> members;           // by lower-case name
    std::map<std::string, std::string> spelling;   // as first written
};

std::vector<std::string> steps(std::string_view name) {
    std::vector<std::string> out;
    std::string step;
    for (const char c : name) {
        if (c == '.' || c == '[' || c == ']') {
            if (!step.empty()) {
                out.push_back(step);
            }
            step.clear();
        } else {
            step.push_back(c);
        }
    }
    if (!step.empty()) {
        out.push_back(step);
    }
    return out;
}

bool is_index(const std::string& step) {
    return !step.empty() && step.size() <= 4 &&
           step.find_first_not_of("0123456789") == std::string::npos;
}

Value leaf(const std::string& name, const std::string& text) {
    if (text.empty()) {
        return Value();
    }
    const bool flag = std::find(flags.begin(), flags.end(), name) != flags.end();
    const std::string low = gateway::standin::lower(text);
    if (flag && (low == "true" || low == "false")) {
        return Value(low == "true");
    }
    if (name == "expirationindays") {
        std::int64_t number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error == std::errc() && end == text.data() + text.size()) {
            return Value(number);
        }
    }
    return Value(text);
}

Value to_value(const std::string& name, const Node& node) {
    if (node.members.empty()) {
        if (std::find(lists.begin(), lists.end(), name) != lists.end()) {
            Value list = Value::array();
            for (const std::string& text : node.texts) {
                list.push(text);
            }
            return list;
        }
        return leaf(name, node.texts.empty() ? std::string() : node.texts.front());
    }
    if (name != "propertylist" && is_index(node.members.begin()->first)) {
        Value list = Value::array();
        for (std::size_t i = 0; i < index_max; ++i) {
            const auto found = node.members.find(std::to_string(i));
            if (found == node.members.end()) {
                break;
            }
            list.push(to_value(name + "[]", found->second));
        }
        return list;
    }
    Value object = Value::object();
    for (const auto& [member, below] : node.members) {
        object.set(node.spelling.at(member), to_value(member, below));
    }
    return object;
}

}   // namespace

const Value& get(const Value& object, std::string_view name) {
    const Value& exact = object[name];
    if (!exact.is_null()) {
        return exact;
    }
    const std::string wanted = gateway::standin::lower(name);
    for (const auto& [member, value] : object.members()) {
        if (member.size() == wanted.size() && gateway::standin::lower(member) == wanted) {
            return value;
        }
    }
    return exact;
}

Value unflatten(const gateway::standin::Fields& fields) {
    Node root;
    for (const auto& [name, text] : fields) {
        Node* at = &root;
        std::vector<std::string> path = steps(name);
        if (path.size() > depth_max) {
            continue;
        }
        for (const std::string& step : path) {
            const std::string low = gateway::standin::lower(step);
            at->spelling.emplace(low, step);
            at = &at->members[low];
        }
        at->texts.push_back(text);
    }
    Value out = to_value("", root);
    return out.is_object() ? out : Value::object();
}

}   // namespace gateway::altinn::standin
