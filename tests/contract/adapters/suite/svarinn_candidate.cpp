// svarinn under the suite: one shipment that waits.

#include "tests/contract/adapters/suite/candidates.hpp"
#include "tests/support/svarinn_packages.hpp"

namespace candidates {
namespace {

constexpr const char* waiting =
    R"([{"id":"d1c6d795-f1a0-4a36-bce1-a4d9f26696db","tittel":"Brev","mottaker":{},)"
    R"("filer":[{"filnavn":"brev.pdf","mimeType":"application/pdf"}]}])";

}   // namespace

Candidate svarinn() {
    Candidate made;
    made.name = "svarinn";
    made.config = R"({"tenant":"991825827","user":"mottaker","password":"p","poll_seconds":30})";
    made.route = "{}";
    made.bad_configs = {"{}",
                        R"({"tenant":"99","user":"m","password":"p"})",
                        R"({"tenant":"991825827","user":"a:b","password":"p"})",
                        R"({"tenant":"991825827","user":"m","password":"p","version":"v3"})",
                        R"({"tenant":"991825827","user":"m","password":"p","poll_seconds":0})",
                        R"({"tenant":"991825827","user":"m","password":"p","nonsense":1})"};
    made.bad_routes = {R"({"nonsense":1})"};
    made.sends = false;
    made.news = [](const tests::SentRequest& sent) {
        const bool file = sent.url.find("d1c6d795") != std::string::npos;
        const std::string zip = tests::plain_zip({{"brev.pdf", "%PDF-1.7"}});
        return gateway::sdk::HttpResponse(200, file ? tests::sealed_for_fakes(zip) : waiting);
    };
    made.acknowledges = [](const tests::SentRequest& sent) { return sent.method == "PATCH"; };
    made.remembers_news = true;   // only the receipt is repeated
    return made;
}

}   // namespace candidates
