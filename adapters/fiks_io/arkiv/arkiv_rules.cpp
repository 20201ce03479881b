#include "adapters/fiks_io/arkiv/arkiv_rules.hpp"

#include "adapters/fiks_io/arkiv/arkiv_intents.hpp"
#include "adapters/fiks_io/arkiv/arkiv_messages.hpp"
#include "adapters/fiks_io/arkiv/arkiv_search.hpp"

#include <array>

namespace gateway::fiks_io::arkiv {
namespace {

using json::Value;

/// Members of archive/v1 that are this protocol's business; the rest of a message is the gateway's.
constexpr std::array<std::string_view, 9> own_members{
    "case", "record", "document", "documents", "target", "remove", "followUp", "search", "fetch"};
/// Of a case: your own number, which goes nowhere.
constexpr std::string_view kept_here = "system id";
constexpr std::string_view of_closing = "system id status closedAt closedBy";

class Check {
public:
    Check(const Value& message, Documents documents, Intent intent)
        : message_(message), documents_(documents), intent_(intent), facts_(facts_of(intent)) {}

    Problems run() {
        members();
        target();
        switch (intent_) {
        case Intent::create:
        case Intent::by_id:
        case Intent::by_external_key:
        case Intent::search_or_create: creation(); break;
        case Intent::update: update(); break;
        case Intent::new_version:
            if (message_["documents"].items().size() != 1) {
                add("/documents", "archive.one_document",
                    {{"count", std::to_string(message_["documents"].items().size())}});
            }
            break;
        case Intent::follow_up:
            need("", message_, "followUp");
            if (message_.has("followUp")) {
                need("/followUp", message_["followUp"], "manner");
                need("/followUp", message_["followUp"], "by");
            }
            break;
        case Intent::search:
            need("", message_, "search");
            if (message_.has("search")) {
                check_search(message_["search"], problems_);
            }
            break;
        case Intent::fetch_case:
        case Intent::fetch_record: fetch(); break;
        case Intent::take_back:
        case Intent::close:
        case Intent::fetch_file: break;
        }
        files();
        values();
        return std::move(problems_);
    }

private:
    void add(std::string pointer, const char* code, core::Params params = {}) {
        problems_.emplace_back(std::move(pointer), code, std::move(params));
    }

    std::string intent() const { return std::string(facts_.name); }

    void need(const std::string& pointer, const Value& whole, const char* name) {
        if (!whole.has(name)) {
            add(pointer + "/" + name, "archive.missing", {{"name", name}, {"intent", intent()}});
        }
    }

    void unused(std::string pointer, const std::string& name) {
        add(std::move(pointer), "archive.not_used", {{"name", name}, {"intent", intent()}});
    }

    void not_carried(std::string pointer, const char* name) {
        add(std::move(pointer), "archive.not_carried", {{"name", name}});
    }

    /// What the intent does not take would be lost without a word.
    void members() {
        for (const auto member : own_members) {
            const Value* const value = message_.find(member);
            const bool is_empty = value != nullptr && value->is_array() && value->items().empty();
            if (value == nullptr || is_empty || has_word(facts_.uses, member)) {
                continue;
            }
            if (member != "case") {
                unused("/" + std::string(member), std::string(member));
            } else {
                only("/case", *value, kept_here);
            }
        }
        if (message_.has("rule") && !has_word(facts_.uses, "rule")) {
            unused("/rule", "rule");
        }
        if (intent_ == Intent::close) {
            only("/case", message_["case"], of_closing);
        }
        if (message_["case"].has("accessGroup")) {
            not_carried("/case/accessGroup", "accessGroup");
        }
    }

    void only(const std::string& pointer, const Value& whole, std::string_view names) {
        for (const auto& [name, value] : whole.members()) {
            if (!has_word(names, name)) {
                unused(pointer + json::pointer_token(name), name);
            }
        }
    }

    void target() {
        if (facts_.target.empty()) {
            return;
        }
        const Value& target = message_["target"];
        if (!message_.has("target")) {
            need("", message_, "target");
        } else if (facts_.target == "any") {
            if (target.has("file")) {
                unused("/target/file", "file");
            }
        } else {
            need("/target", target, std::string(facts_.target).c_str());
        }
        if (intent_ == Intent::by_external_key && target.has("case")) {
            need("/target/case", target["case"], "externalKey");
        }
    }

    void creation() {
        const Value& made = message_["case"];
        const bool in_new_case = intent_ == Intent::create || intent_ == Intent::search_or_create;
        const bool has_case = in_new_case && says_more_than_number(made);
        if (intent_ == Intent::search_or_create || has_case) {
            need("/case", made, "title");
            parts("/case", made);
        }
        if (intent_ == Intent::search_or_create) {
            need("/case", made, "externalKey");
        }
        if (intent_ == Intent::create && !has_case && !message_.has("record")) {
            add("", "archive.nothing_to_make");
        }
        if (!in_new_case) {
            need("", message_, "record");
        }
        if (!message_.has("record")) {
            if (!message_["documents"].items().empty()) {
                add("/documents", "archive.documents_without_record");
            }
            return;
        }
        const Value& record = message_["record"];
        need("/record", record, "kind");
        need("/record", record, "title");
        parts("/record", record);
        if (record.has("moveTo")) {
            unused("/record/moveTo", "moveTo");
        }
        if (record.has("series") && (has_case || !in_new_case)) {
            add("/record/series", "archive.series_in_case");
        }
        if (!record.has("screening") && message_["confidentiality"].has("screening")) {
            need("/confidentiality/screening", message_["confidentiality"]["screening"], "statute");
        }
    }

    static bool says_more_than_number(const Value& made) {
        for (const auto& [name, value] : made.members()) {
            if (!has_word(kept_here, name)) {
                return true;
            }
        }
        return false;
    }

    /// What the XML Schema demands of the parts of something new.
    void parts(const std::string& pointer, const Value& whole) {
        each(pointer, whole, "parties", {"name"});
        each(pointer, whole, "correspondents", {"name", "role"});
        if (whole.has("screening")) {
            need(pointer + "/screening", whole["screening"], "statute");
        }
    }

    /// Items with an id are there already; others are new.
    void each(const std::string& pointer, const Value& whole, const char* list,
              std::initializer_list<const char*> needed) {
        const auto& items = whole[list].items();
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (intent_ == Intent::update && items[i].has("id")) {
                continue;
            }
            for (const char* name : needed) {
                need(pointer + "/" + list + "/" + std::to_string(i), items[i], name);
            }
        }
    }

    void update() {
        const Value& target = message_["target"];
        for (const char* what : {"case", "record", "document"}) {
            if (!target.has(what)) {
                if (message_.has(what) && says_more_than_number(message_[what])) {
                    unused(std::string("/") + what, what);
                }
                continue;
            }
            const std::string pointer = std::string("/") + what;
            if (!message_.has("remove")) {
                need("", message_, what);
            }
            each(pointer, message_[what], "parties", {"name"});
            each(pointer, message_[what], "correspondents", {"name", "role"});
            removals(what);
        }
        if (target.has("record")) {
            for (const char* name : {"caseWorker", "unit", "series"}) {
                if (message_["record"].has(name)) {
                    unused(std::string("/record/") + name, name);
                }
            }
        }
        if (target.has("document")) {
            need("/document", message_["document"], "role");
        }
    }

    void removals(std::string_view what) {
        const Value& gone = message_["remove"];
        constexpr std::string_view everywhere = "description screening parties remarks";
        for (const auto& [name, value] : gone.members()) {
            const std::string_view elsewhere =
                what == "case"     ? std::string_view("keywords classes property")
                : what == "record" ? std::string_view("keywords authors correspondents classes")
                                   : std::string_view("authors");
            if (!has_word(everywhere, name) && !has_word(elsewhere, name)) {
                unused("/remove" + json::pointer_token(name), name);
            }
        }
        for (const char* name : {"description", "screening"}) {
            if (gone.has(name) && message_[what].has(name)) {
                add(std::string("/remove/") + name, "archive.changed_and_removed",
                    {{"name", name}});
            }
        }
    }

    void fetch() {
        const auto& include = message_["fetch"]["include"].items();
        for (std::size_t i = 0; i < include.size(); ++i) {
            if (!may_include(facts_.name, include[i].as_string())) {
                unused("/fetch/include/" + std::to_string(i), include[i].as_string());
            }
        }
    }

    void files() {
        check_files(message_, documents_, facts_.payload_name, problems_);
        const auto& documents = message_["documents"].items();
        for (std::size_t i = 0; i < documents.size(); ++i) {
            const std::string pointer = "/documents/" + std::to_string(i);
            for (const char* name : {"publicTitle", "date"}) {
                if (documents[i].has(name)) {
                    not_carried(pointer + "/" + name, name);
                }
            }
            if (intent_ == Intent::new_version) {
                only(
                    pointer, documents[i],
                    "part sha256 md5 size name title mediaType version variant format signed role");
            } else if (documents[i].has("screening")) {
                need(pointer + "/screening", documents[i]["screening"], "statute");
            }
        }
    }

    void values() {
        check_codes(message_, problems_);
        for (const auto member : own_members) {
            if (const Value* value = message_.find(member)) {
                check_values("/" + std::string(member), *value, problems_);
            }
        }
        check_values("/rule", message_["rule"], problems_);
        check_values("/confidentiality", message_["confidentiality"], problems_);
    }

    const Value& message_;
    Documents documents_;
    Intent intent_;
    const IntentFacts& facts_;
    Problems problems_;
};

}   // namespace

std::vector<core::Problem> check(const Value& message, Documents documents) {
    const auto intent = intent_of(message);
    if (!intent) {
        return {core::Problem("/intent", "archive.missing",
                              {{"name", "intent"}, {"intent", "archive"}})};
    }
    return Check(message, documents, *intent).run();
}

}   // namespace gateway::fiks_io::arkiv
