#pragma once

// A certificate's DER: what is read of it is text where it says text, and a number that is given is
// one.

#include "gateway/json/utf8.hpp"
#include "gateway/seal/business_certificate.hpp"
#include "gateway/seal/xml_text.hpp"
#include "tests/fuzz/promise.hpp"

namespace fuzz::certificate {

inline void one_input(const std::uint8_t* data, std::size_t size) {
    namespace seal = gateway::seal;
    const auto text = text_of(data, size);
    const auto business = seal::read_business_certificate(text);
    const auto details = seal::read_certificate(text);
    promise(details.has_value() || !business.has_value(),
            "a business certificate is a certificate");
    if (!details) {
        return;
    }
    promise(details->der == text, "what was read is what was given");
    promise(gateway::json::utf8_fault(details->issuer) == std::string::npos, "a name is UTF-8");
    for (const auto* names :
         {&details->common_names, &details->organisation_names, &details->organisation_identifiers,
          &details->subject_serial_numbers}) {
        for (const auto& name : *names) {
            promise(gateway::json::utf8_fault(name) == std::string::npos, "a name is UTF-8");
        }
    }
    for (const auto* urls : {&details->crl_urls, &details->ocsp_urls}) {
        for (const auto& url : *urls) {
            promise(url.rfind("http", 0) == 0 && !has_control(url), "an address is for HTTP");
        }
    }
    if (business) {
        promise(gateway::core::is_organisation_number(business->organisation_number),
                "an organisation number is one");
        promise(!business->details.authority, "an authority is nobody's business");
    }
    static_cast<void>(seal::judge_purpose(*details, seal::Purpose::receiving));
}

}   // namespace fuzz::certificate
