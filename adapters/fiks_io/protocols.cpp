#include "adapters/fiks_io/protocols.hpp"

#include "fiks_io_protocol_list.hpp"
#include "gateway/core/assert.hpp"
#include "gateway/json/value.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace gateway::fiks_io {

using core::Errc;
using core::Failure;
using core::Result;
using Types = std::vector<MessageType>;

namespace {

constexpr std::array<std::pair<std::string_view, Maturity>, 4> maturities{
    {{"finished", Maturity::finished},
     {"pilot", Maturity::pilot},
     {"test", Maturity::test},
     {"paused", Maturity::paused}}};
constexpr std::array<std::string_view, 9> file_members{
    "protocol",    "version",          "title",   "maturity", "errors", "dialogues",
    "undelivered", "undelivered_also", "$comment"};
constexpr std::array<std::string_view, 12> dialogue_members{
    "opens",  "payload", "payload_also",    "received",    "owner",      "done",
    "errors", "also",    "needs_client_id", "first_hours", "done_hours", "$comment"};
constexpr std::array<std::string_view, 4> error_kinds{"invalid", "failed", "missing", "not_taken"};

/// One file on its way to types. What is wrong with it is thrown away with the file.
class Reading {
public:
    Reading(std::string_view file, const json::Value& given) : file_(file), given_(given) {}

    Result<Types> read() {
        demand_only(given_, file_members);
        name_the_protocol();
        read_errors();
        for (const auto& dialogue : given_["dialogues"].items()) {
            read_dialogue(dialogue);
        }
        for (const auto& name : given_["undelivered"].items()) {
            add_undelivered(name.as_string(), false);
        }
        for (const auto& name : given_["undelivered_also"].items()) {
            add_undelivered(name.as_string(), true);
        }
        if (!fault_.empty()) {
            return Failure(Errc::malformed, std::string(file_) + ": " + fault_);
        }
        return std::move(types_);
    }

private:
    void fail(const std::string& what) {
        if (fault_.empty()) {
            fault_ = what;
        }
    }

    template <std::size_t N>
    void demand_only(const json::Value& object, const std::array<std::string_view, N>& known) {
        for (const auto& [name, value] : object.members()) {
            if (std::find(known.begin(), known.end(), name) == known.end()) {
                fail("unknown member " + name);
            }
        }
    }

    void name_the_protocol() {
        protocol_ = given_["protocol"].as_string();
        const std::string& version = given_["version"].as_string();
        if (!version.empty()) {
            protocol_ += '.' + version;
        }
        const auto found = std::find_if(maturities.begin(), maturities.end(), [&](const auto& one) {
            return one.first == given_["maturity"].as_string();
        });
        if (protocol_.empty() || given_["title"].as_string().empty() || found == maturities.end()) {
            fail("protocol, title and maturity are needed");
            return;
        }
        maturity_ = found->second;
    }

    std::string full(const std::string& name) {
        if (name.empty()) {
            fail("an empty name");
        }
        return protocol_ + '.' + name;
    }

    MessageType type_of(const std::string& name) {
        MessageType type;
        type.name = full(name);
        type.protocol = protocol_;
        type.group = given_["title"].as_string();
        type.maturity = maturity_;
        return type;
    }

    void read_payload(const json::Value& files, MessageType& type) {
        if (files.is_string() && files.as_string() == "*") {
            type.payload_of_any_name = true;
            return;
        }
        if (!files.is_array()) {
            fail("payload of " + type.name + " is neither a list nor \"*\"");
        }
        for (const auto& file : files.items()) {
            type.payload.push_back(file.as_string());
        }
    }

    void read_errors() {
        const json::Value& errors = given_["errors"];
        error_format_ = errors["format"].as_string();
        for (const auto kind : error_kinds) {
            if (!errors.has(kind)) {
                continue;
            }
            auto type = type_of(errors[kind].as_string());
            type.means = Meaning::refused;
            type.payload.push_back(errors["file"].as_string());
            type.error_format = error_format_;
            errors_.emplace(kind, type.name);
            add(std::move(type));
        }
        const bool known =
            error_format_ == "json" || error_format_ == "xml" || error_format_ == "melding";
        if (!errors_.empty() && !known) {
            fail("the format of errors is json, xml or melding");
        }
    }

    void read_dialogue(const json::Value& given) {
        demand_only(given, dialogue_members);
        auto type = type_of(given["opens"].as_string());
        read_payload(given["payload"], type);
        for (const auto& name : given["payload_also"].items()) {
            type.payload_also.push_back(name.as_string());
        }
        read_owner(given, type);
        read_done(given["done"], type);
        read_error_answers(given["errors"], type);
        type.first_within = std::chrono::hours(given["first_hours"].as_int(24));
        type.done_within = std::chrono::hours(given["done_hours"].as_int(168));
        type.needs_client_id = given["needs_client_id"].as_bool();
        add_misspelt(given["also"], type);
        add(std::move(type));
    }

    void read_owner(const json::Value& given, MessageType& type) {
        const std::string& owner = given["owner"].as_string();
        if (!given.has("received")) {
            if (!owner.empty()) {
                fail(type.name + " has an owner of an answer that it has not");
            }
            return;
        }
        if (owner != "transport" && owner != "system") {
            fail(type.name + ": owner is transport or system");
        }
        type.owner = owner == "system" ? AnswerOwner::system : AnswerOwner::transport;
        auto answer = type_of(given["received"].as_string());
        answer.means = Meaning::received;
        type.received = answer.name;
        type.answers.push_back(answer.name);
        add(std::move(answer));
    }

    void read_done(const json::Value& given, MessageType& type) {
        for (const auto& [name, files] : given.members()) {
            auto answer = type_of(name);
            answer.means = Meaning::done;
            read_payload(files, answer);
            type.answers.push_back(answer.name);
            add(std::move(answer));
        }
    }

    void read_error_answers(const json::Value& given, MessageType& type) {
        for (const auto& kind : given.items()) {
            const auto found = errors_.find(kind.as_string());
            if (found == errors_.end()) {
                fail(type.name + " names an error that its protocol has not");
                return;
            }
            type.answers.push_back(found->second);
            if (found->first == "invalid") {
                type.invalid = found->second;
            } else if (found->first == "failed") {
                type.failed = found->second;
            } else if (found->first == "not_taken") {
                type.not_taken = found->second;
            }
        }
        type.error_format = error_format_;
    }

    /// Names that published lists, or peers, write otherwise: taken, never sent.
    void add_misspelt(const json::Value& given, MessageType& type) {
        for (const auto& [name, meant] : given.members()) {
            auto also = type_of(name);
            also.misspelt = true;
            if (meant.as_string() == "opens") {
                also = type;
                also.name = full(name);
                also.misspelt = true;
            } else {
                also.means = meant.as_string() == "received" ? Meaning::received : Meaning::done;
                type.answers.push_back(also.name);
            }
            add(std::move(also));
        }
    }

    void add_undelivered(const std::string& name, bool misspelt) {
        auto type = type_of(name);
        type.means = Meaning::undelivered;
        type.misspelt = misspelt;
        add(std::move(type));
    }

    /// An answer of several dialogues stands once, with the same payload.
    void add(MessageType type) {
        const auto found = std::find_if(types_.begin(), types_.end(), [&](const MessageType& one) {
            return one.name == type.name;
        });
        if (found == types_.end()) {
            types_.push_back(std::move(type));
        } else if (found->opens() || type.opens() || found->payload != type.payload ||
                   found->means != type.means) {
            fail(type.name + " stands twice, each time otherwise");
        }
    }

    std::string_view file_;
    const json::Value& given_;
    std::string protocol_;
    Maturity maturity_ = Maturity::finished;
    std::map<std::string, std::string> errors_;   // by kind
    std::string error_format_;
    Types types_;
    std::string fault_;
};

Types read_all() {
    Types all;
    for (const auto& [name, text] : protocol_data::all_files()) {
        auto types = read_protocol(name, text);
        GATEWAY_ASSERT(types.has_value());   // a test reads every file
        std::move(types->begin(), types->end(), std::back_inserter(all));
    }
    std::sort(all.begin(), all.end(),
              [](const MessageType& a, const MessageType& b) { return a.name < b.name; });
    return all;
}

}   // namespace

bool MessageType::may_be_answered_by(std::string_view type) const {
    return std::find(answers.begin(), answers.end(), type) != answers.end();
}

bool MessageType::takes_file(std::string_view file) const {
    return std::find(payload.begin(), payload.end(), file) != payload.end() ||
           std::find(payload_also.begin(), payload_also.end(), file) != payload_also.end();
}

core::Result<Types> read_protocol(std::string_view file, std::string_view text) {
    const auto parsed = json::parse_or_failure(text);
    if (!parsed) {
        return Failure(Errc::malformed, std::string(file) + ": " + parsed.error().detail);
    }
    return Reading(file, *parsed).read();
}

const Types& all_types() {
    static const Types all = read_all();
    return all;
}

const MessageType* find(std::string_view name) {
    const Types& all = all_types();
    const auto found =
        std::lower_bound(all.begin(), all.end(), name,
                         [](const MessageType& type, std::string_view n) { return type.name < n; });
    return found != all.end() && found->name == name ? &*found : nullptr;
}

}   // namespace gateway::fiks_io
