#include "adapters/digital_post/dpi_rules.hpp"

#include "adapters/digital_post/dpi_address.hpp"
#include "adapters/digital_post/dpi_files.hpp"
#include "adapters/digital_post/dpi_notice.hpp"
#include "gateway/json/utf8.hpp"
#include "gateway/seal/xml_text.hpp"

#include <algorithm>
#include <iterator>

namespace gateway::digital_post {
namespace {

constexpr std::size_t title_max = 255;
constexpr std::size_t cost_account_max = 40;

class Check {
public:
    Check(const json::Value& letter, std::span<const core::DocumentRef> documents)
        : letter_(letter), documents_(documents) {}

    std::vector<core::Problem> run(Service service) {
        recipient();
        length("/title", letter_["title"], title_max, "letter.title_too_long");
        length("/nonSensitiveTitle", letter_["nonSensitiveTitle"], title_max,
               "letter.title_too_long");
        length("/costAccount", letter_["costAccount"], cost_account_max,
               "letter.cost_account_too_long");
        take(check_files(letter_["documents"], documents_));
        if (service == Service::digital) {
            must_not_be("paper", "letter.must_be_paper");
            take(check_notice(letter_));
        } else {
            must_not_be("digital", "letter.must_be_digital");
            paper();
        }
        return std::move(problems_);
    }

private:
    void add(std::string pointer, core::Code code, core::Params params = {}) {
        problems_.emplace_back(std::move(pointer), std::move(code), std::move(params));
    }

    void take(std::vector<core::Problem> more) {
        problems_.insert(problems_.end(), std::make_move_iterator(more.begin()),
                         std::make_move_iterator(more.end()));
    }

    void recipient() {
        const json::Value& recipient = letter_["recipient"];
        for (const char* kind : {"organisation", "nhn"}) {
            if (recipient.has(kind)) {
                add(std::string("/recipient/") + kind, "letter.recipient_not_supported",
                    {{"kind", kind}});
            }
        }
        if (const auto* number = recipient.find("person");
            number != nullptr && !core::is_person_number(number->as_string())) {
            add("/recipient/person", "letter.recipient_invalid_number", {{"kind", "person"}});
        }
    }

    void must_not_be(const char* demand, core::Code code) {
        if (letter_["mustBe"].as_string() == demand) {
            add("/mustBe", std::move(code));
        }
    }

    void length(const char* pointer, const json::Value& text, std::size_t max, const char* code) {
        const std::size_t count = json::utf8_length(text.as_string());
        if (count > max) {
            add(pointer, code, {{"length", std::to_string(count)}, {"max", std::to_string(max)}});
        }
        if (!seal::is_xml_text(text.as_string())) {
            add(pointer, "letter.text_not_plain");   // it goes into the package's manifest
        }
    }

    void paper() {
        if (letter_["confidentiality"]["gradedAddress"].as_bool()) {
            add("/confidentiality/gradedAddress", "letter.graded_address_not_printed");
        }
        if (const json::Value* address = letter_.find("address")) {
            take(check_address(read_postal_address(*address), "/address"));
        } else {
            add("/address", "letter.address_missing");
        }
        if (const json::Value* address = letter_["sender"].find("returnAddress")) {
            take(check_address(read_postal_address(*address), "/sender/returnAddress"));
        }
        excluded();
    }

    void excluded() {
        const auto& given = letter_["documents"].items();
        const auto& excluded = letter_["print"]["exclude"].items();
        for (std::size_t i = 0; i < excluded.size(); ++i) {
            const bool known =
                std::any_of(given.begin(), given.end(), [&](const json::Value& document) {
                    return document["name"] == excluded[i];
                });
            if (!known) {
                add("/print/exclude/" + std::to_string(i), "letter.print_exclude_unknown");
            }
        }
        const auto printed = printed_documents(letter_);
        if (!given.empty() && (printed.empty() || printed.front() != 0)) {
            add("/print/exclude", "letter.print_excludes_main_document");
        }
    }

    const json::Value& letter_;
    std::span<const core::DocumentRef> documents_;
    std::vector<core::Problem> problems_;
};

}   // namespace

std::vector<core::Problem> check_letter(const json::Value& letter, Service service,
                                        std::span<const core::DocumentRef> documents) {
    return Check(letter, documents).run(service);
}

}   // namespace gateway::digital_post
