// One mail by SMTP, through libcurl: a library of its own, loaded when the first mail is to go
// (gateway/alarms/smtp), for libcurl and what it brings cost memory that most installations need
// not.

#include "gateway/alarms/smtp.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace gateway::mail {
namespace {

using alarms::SmtpMail;
using alarms::Told;

struct Session {
    // Once in a process and before any other thread uses it: at the first static use.
    static bool ready() {
        static const bool done = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
        return done;
    }
};

using Easy = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using List = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

struct Reading {
    const std::string* text = nullptr;
    std::size_t at = 0;
};

std::size_t give(char* into, std::size_t size, std::size_t count, void* from) {
    auto& reading = *static_cast<Reading*>(from);
    const auto bytes = std::min(size * count, reading.text->size() - reading.at);
    std::memcpy(into, reading.text->data() + reading.at, bytes);
    reading.at += bytes;
    return bytes;
}

std::size_t swallow(char*, std::size_t size, std::size_t count, void*) {
    return size * count;
}

core::Code code_of_fault(CURLcode fault) {
    switch (fault) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT: return core::Code("alarm.mail_unreachable");
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_USE_SSL_FAILED: return core::Code("alarm.mail_not_trusted");
    case CURLE_LOGIN_DENIED: return core::Code("alarm.mail_login");
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR: return core::Code("alarm.mail_no_answer");
    default: return core::Code("alarm.mail_refused");
    }
}

Told send_mail(const SmtpMail& mail) {
    const Easy easy(Session::ready() ? curl_easy_init() : nullptr, &curl_easy_cleanup);
    if (!easy) {
        return Told::no(core::Code("alarm.mail_refused"));
    }
    using Safety = core::MailConfig::Safety;
    const auto& server = mail.server;
    const bool v6 = server.server.find(':') != std::string::npos;
    const std::string url = std::string(server.safety == Safety::tls ? "smtps" : "smtp") + "://" +
                            (v6 ? "[" + server.server + "]" : server.server) + ":" +
                            std::to_string(server.port) + "/sluse";
    const std::string from = "<" + server.from + ">";
    const std::string to = "<" + mail.to + ">";
    const List receivers(curl_slist_append(nullptr, to.c_str()), &curl_slist_free_all);
    Reading reading;
    reading.text = &mail.mail;
    auto* const handle = easy.get();
    const auto millis = [](std::chrono::milliseconds time) {
        return static_cast<long>(time.count());
    };
    curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(handle, CURLOPT_PROXY, "");   // none from the environment
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, millis(mail.time_max));
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, millis(mail.time_max) / 2);
    curl_easy_setopt(
        handle, CURLOPT_USE_SSL,
        static_cast<long>(server.safety == Safety::none ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    curl_easy_setopt(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
    if (!server.ca_file.empty()) {
        curl_easy_setopt(handle, CURLOPT_CAINFO, server.ca_file.c_str());
    }
    if (!server.user.empty()) {
        curl_easy_setopt(handle, CURLOPT_USERNAME, server.user.c_str());
        curl_easy_setopt(handle, CURLOPT_PASSWORD, mail.password.c_str());
    }
    curl_easy_setopt(handle, CURLOPT_MAIL_FROM, from.c_str());
    curl_easy_setopt(handle, CURLOPT_MAIL_RCPT, receivers.get());
    curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(handle, CURLOPT_READFUNCTION, &give);
    curl_easy_setopt(handle, CURLOPT_READDATA, &reading);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &swallow);
    const auto result = curl_easy_perform(handle);
    if (result == CURLE_OK) {
        return Told::yes();
    }
    long answer = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &answer);
    const bool never = answer / 100 == 5 && result != CURLE_LOGIN_DENIED;
    return Told::no(code_of_fault(result), never);
}

}   // namespace
}   // namespace gateway::mail

extern "C" void sluse_send_mail(const gateway::alarms::SmtpMail& mail,
                                gateway::alarms::Told& told) {
    told = gateway::mail::send_mail(mail);
}
