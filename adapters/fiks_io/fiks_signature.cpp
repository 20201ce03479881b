#include "adapters/fiks_io/fiks_signature.hpp"

#include <algorithm>

namespace gateway::fiks_io {
namespace {

seal::CadesPolicy cades_policy(seal::Rule policy) {
    seal::CadesPolicy made;   // what KS' clients of Java and .NET write
    made.strong_digest = policy;
    return made;
}

void name_the_signer(const std::string& certificate, SignatureReport& report) {
    const auto business = seal::read_business_certificate(certificate);
    if (business) {
        report.organisation = business->organisation_number;
        report.organisation_name = business->organisation_name;
    }
}

bool judge_signer(const seal::VerifiedSignature& signature, const seal::TrustStore* trust,
                  const std::string& sender, core::Time now, seal::Findings& findings) {
    if (trust == nullptr) {
        findings.emplace_back("fiks_io.signer_not_judged");
        return false;
    }
    const auto chain = trust->judge(signature.signer, signature.certificates, now);
    if (!chain) {
        findings.push_back(chain.error());
        return false;
    }
    const auto unfit = seal::judge_purpose(chain->leaf.details, seal::Purpose::signing);
    findings.insert(findings.end(), unfit.begin(), unfit.end());
    if (sender.empty()) {
        findings.emplace_back("fiks_io.sender_unknown");
        return false;
    }
    if (auto other = seal::judge_owner(chain->leaf, sender)) {
        findings.push_back(std::move(*other));
        return false;
    }
    return unfit.empty();
}

}   // namespace

json::Value SignatureReport::to_json() const {
    json::Value made;
    made.set("holds", holds);
    made.set("trusted", trusted);
    if (!organisation.empty()) {
        made.set("organisation", organisation);
        made.set("organisationName", organisation_name);
    }
    if (signing_time) {
        made.set("signedAt", core::to_rfc3339(*signing_time));
    }
    json::Value list = json::Value::array();
    for (const auto& finding : findings) {
        json::Value one;
        one.set("code", finding.code.value);
        for (const auto& [name, value] : finding.params) {
            one.set(name, value);
        }
        list.push(std::move(one));
    }
    made.set("findings", std::move(list));
    return made;
}

SignatureReport judge_package(const SignedPackage& package, const seal::TrustStore* trust,
                              const std::string& sender, seal::Rule policy, core::Time now) {
    SignatureReport report;
    if (package.fault) {
        report.findings.push_back(*package.fault);
        return report;
    }
    auto verified = seal::verify_cades(package.parts, package.files, cades_policy(policy));
    if (!verified) {
        report.findings.push_back(verified.error());
        return report;
    }
    report.holds = true;
    report.signing_time = verified->signing_time;
    name_the_signer(verified->signer, report);
    report.trusted = judge_signer(*verified, trust, sender, now, report.findings);
    report.findings.insert(report.findings.end(), verified->remarks.begin(),
                           verified->remarks.end());
    return report;
}

}   // namespace gateway::fiks_io
