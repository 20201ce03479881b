#include "adapters/digital_post/dpi_notice.hpp"

#include "adapters/digital_post/dpi_text.hpp"
#include "gateway/json/utf8.hpp"

#include <algorithm>

namespace gateway::digital_post {
namespace {

constexpr std::size_t email_text_max = 500;
constexpr std::size_t sms_text_max = 160;
constexpr std::int64_t reminder_days_max = 25;
constexpr std::size_t mobile_min = 8;
constexpr std::size_t mobile_max = 20;
constexpr std::size_t email_max = 320;

bool may_use(const Reach& reach, const Contact& contact, core::Time now) {
    return contact.can_notify && (!reach.until || *reach.until > now);
}

/// What the schema of `varsler` takes: an optional plus, then digits, spaces, hyphens, underscores.
bool is_mobile_number(std::string_view number) {
    if (number.size() < mobile_min || number.size() > mobile_max) {
        return false;
    }
    const std::string_view rest = number.substr(number.front() == '+' ? 1 : 0);
    return !rest.empty() && std::all_of(rest.begin(), rest.end(), [](char c) {
        return (c >= '0' && c <= '9') || c == ' ' || c == '-' || c == '_';
    });
}

bool is_email_address(std::string_view address) {
    const auto at = address.find('@');
    return address.size() <= email_max && at != std::string_view::npos && at > 0 &&
           at == address.rfind('@') && at + 1 < address.size() &&
           std::none_of(address.begin(), address.end(),
                        [](char c) { return static_cast<unsigned char>(c) <= 0x20U || c == 0x7F; });
}

json::Value days_of(const json::Value& notify, const std::vector<int>& default_days) {
    json::Value days = json::Value::array();
    if (const json::Value* asked = notify["reminder"].find("days")) {
        days.push(0);
        days.push(asked->as_int());
        return days;
    }
    for (const int day : default_days) {
        days.push(day);
    }
    return days;
}

class Order {
public:
    Order(const json::Value& notify, const Contact& contact, const std::vector<int>& default_days,
          core::Time now)
        : notify_(notify),
          days_(days_of(notify, default_days)),
          has_email_(may_use(contact.email, contact, now) &&
                     is_email_address(contact.email.address)),
          has_mobile_(may_use(contact.mobile, contact, now) &&
                      is_mobile_number(contact.mobile.address)),
          contact_(contact) {}

    Notices run() {
        const std::string& channel = notify_["channel"].as_string();
        const bool both = channel == "EmailAndSms";
        const bool rather_sms = channel == "SmsPreferred";
        if (both || channel == "Email" || (channel == "EmailPreferred" && has_email_) ||
            (rather_sms && !has_mobile_)) {
            email();
        }
        if (both || channel == "Sms" || (channel == "EmailPreferred" && !has_email_) ||
            (rather_sms && has_mobile_)) {
            sms();
        }
        return std::move(made_);
    }

private:
    void impossible(const char* channel) {
        made_.notes.emplace_back("digital_post.notice_not_possible",
                                 core::Params{{"channel", channel}});
    }

    void email() {
        const std::string& text = notify_["email"]["body"].as_string();
        if (!has_email_) {
            impossible("Email");
        } else if (!text.empty()) {
            json::Value notice;
            notice.set("epostadresse", contact_.email.address)
                .set("varslingstekst", text)
                .set("repetisjoner", days_);
            made_.order.set("epostvarsel", std::move(notice));
        }
    }

    void sms() {
        const std::string& text = notify_["sms"]["body"].as_string();
        if (!has_mobile_) {
            impossible("Sms");
        } else if (!text.empty()) {
            json::Value notice;
            notice.set("mobiltelefonnummer", contact_.mobile.address)
                .set("varslingstekst", text)
                .set("repetisjoner", days_);
            made_.order.set("smsvarsel", std::move(notice));
            if (const int parts = sms_parts(text); parts > 1) {
                made_.notes.emplace_back("digital_post.sms_split",
                                         core::Params{{"parts", std::to_string(parts)}});
            }
        }
    }

    const json::Value& notify_;
    json::Value days_;
    bool has_email_;
    bool has_mobile_;
    const Contact& contact_;
    Notices made_;
};

/// Kinds whose title tells what was decided.
bool title_is_the_decision(const json::Value& letter) {
    const std::string& kind = letter["kind"].as_string();
    return kind == "decision" || kind == "appeal-answer";
}

class Check {
public:
    explicit Check(const json::Value& letter) : letter_(letter), notify_(letter["notify"]) {}

    std::vector<core::Problem> run() {
        names_decision("/nonSensitiveTitle", letter_["nonSensitiveTitle"].as_string());
        if (!notify_.is_object()) {
            return std::move(problems_);
        }
        complete();
        text("/notify/email/body", notify_["email"]["body"].as_string(), email_text_max);
        text("/notify/sms/body", notify_["sms"]["body"].as_string(), sms_text_max);
        const json::Value* days = notify_["reminder"].find("days");
        if (days != nullptr && days->as_int() > reminder_days_max) {
            add("/notify/reminder/days", "letter.reminder_days_too_many",
                {{"days", std::to_string(days->as_int())},
                 {"max", std::to_string(reminder_days_max)}});
        }
        return std::move(problems_);
    }

private:
    void add(const char* pointer, core::Code code, core::Params params = {}) {
        problems_.emplace_back(pointer, std::move(code), std::move(params));
    }

    /// Words for one channel and none for another that may be used: half a notice.
    void complete() {
        const std::string& channel = notify_["channel"].as_string();
        const bool email = notify_.has("email");
        const bool sms = notify_.has("sms");
        if (sms && !email && channel != "Sms") {
            add("/notify", "letter.notification_incomplete",
                {{"channel", channel}, {"missing", "email"}});
        }
        if (email && !sms && channel != "Email") {
            add("/notify", "letter.notification_incomplete",
                {{"channel", channel}, {"missing", "sms"}});
        }
    }

    void text(const char* pointer, const std::string& words, std::size_t max) {
        const std::size_t count = json::utf8_length(words);
        if (count > max) {
            add(pointer, "letter.notice_too_long",
                {{"length", std::to_string(count)}, {"max", std::to_string(max)}});
        }
        names_decision(pointer, words);
    }

    void names_decision(const char* pointer, const std::string& words) {
        if (words.empty() || !title_is_the_decision(letter_)) {
            return;
        }
        const std::string title = fold_case(letter_["title"].as_string());
        const std::string open = fold_case(letter_["nonSensitiveTitle"].as_string());
        const bool title_is_open = !open.empty() && open == title;
        if (!title_is_open && fold_case(words).find(title) != std::string::npos) {
            add(pointer, "letter.notice_names_decision");
        }
    }

    const json::Value& letter_;
    const json::Value& notify_;
    std::vector<core::Problem> problems_;
};

}   // namespace

std::vector<core::Problem> check_notice(const json::Value& letter) {
    return Check(letter).run();
}

Notices order_notices(const json::Value& notify, const Contact& contact,
                      const std::vector<int>& default_days, core::Time now) {
    if (!notify.is_object()) {
        return Notices();
    }
    return Order(notify, contact, default_days, now).run();
}

}   // namespace gateway::digital_post
