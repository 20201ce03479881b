// svarut under the suite: one transfer to an organisation.

#include "tests/contract/adapters/suite/candidates.hpp"

namespace candidates {

Candidate svarut() {
    Candidate made;
    made.name = "svarut";
    made.config =
        R"({"integration_id":"5a0f7d3e-0c5d-4d55-9a7e-8f2b5d1c0001","integration_password":"p",)"
        R"("accounts":[{"tenant":"991825827","account":"5a0f7d3e-0c5d-4d55-9a7e-8f2b5d1c0002"}]})";
    made.route = R"({"delivery":"digital"})";
    made.bad_configs = {
        "{}", R"({"integration_id":"x","integration_password":"p","accounts":[]})",
        R"({"integration_id":"5a0f7d3e-0c5d-4d55-9a7e-8f2b5d1c0001","integration_password":"p",)"
        R"("accounts":[{"tenant":"99","account":"5a0f7d3e-0c5d-4d55-9a7e-8f2b5d1c0002"}]})",
        R"({"integration_id":"5a0f7d3e-0c5d-4d55-9a7e-8f2b5d1c0001","integration_password":"p",)"
        R"("accounts":[{"tenant":"991825827","account":"5a0f7d3e-0c5d-4d55-9a7e-8f2b5d1c0002"}],)"
        R"("nonsense":1})"};
    made.bad_routes = {R"({"delivery":"pigeon"})", R"({"nonsense":1})", R"({"account":"../x"})",
                       R"({"security_level":2})", R"({"sign":{"kind":"advanced"}})"};
    made.content =
        R"({"type":"letter","version":1,"reference":"r","recipient":{"person":"17859130003"},)"
        R"("title":"Tittel","documents":[{"name":"brev.pdf","mediaType":"application/pdf"}],)"
        R"("address":{"name":"Kari","city":"Oslo"}})";
    tests::FakeDocuments documents;
    made.documents = {documents.add("brev.pdf", "%PDF-1.7")};
    made.furnish = [](tests::FakeHost& fake) { fake.documents.add("brev.pdf", "%PDF-1.7"); };
    made.accepted_body = R"({"id":"0198408f-979c-45e0-b23e-aef6e9070150"})";
    made.lookup_progress = R"({"begun":"2026-01-15T11:00:00Z"})";
    made.lookup_body = R"({"forsendelseIds":["0198408f-979c-45e0-b23e-aef6e9070150"]})";
    made.resume_body = made.lookup_body;
    made.resume_finds = true;
    return made;
}

}   // namespace candidates
