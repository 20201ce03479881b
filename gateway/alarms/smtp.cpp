#include "gateway/alarms/smtp.hpp"

#include <dlfcn.h>

namespace gateway::alarms {
namespace {

SendMail* load_send_mail(const std::string& library_folder) {
    const auto path = library_folder + "/" + mail_library;
    void* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    return library == nullptr ? nullptr
                              : reinterpret_cast<SendMail*>(dlsym(library, mail_entry_point));
}

}   // namespace

Told send_mail(const SmtpMail& mail, const std::string& library_folder) {
    static SendMail* const send = load_send_mail(library_folder);
    if (send == nullptr) {
        return Told::no(core::Code("alarm.mail_unavailable"));
    }
    Told told;
    send(mail, told);
    return told;
}

}   // namespace gateway::alarms
