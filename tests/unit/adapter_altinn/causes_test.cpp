// Each refusal of Correspondence that is a cause of its own, from the answer as Altinn writes it.

#include "adapters/altinn/altinn_errors.hpp"
#include "tests/unit/adapter_altinn/altinn_world.hpp"

#include <catch2/catch.hpp>

using namespace altinn_world;
using namespace gateway::altinn;

TEST_CASE("altinn causes: each numbered refusal of Correspondence has its own code") {
    struct Row {
        int status;
        int number;
        const char* code;
    };
    const std::vector<Row> rows{{404, 1001, "altinn.corr_01001"}, {400, 1002, "altinn.corr_01002"},
                                {400, 1003, "altinn.corr_01003"}, {400, 1004, "altinn.corr_01004"},
                                {400, 1005, "altinn.corr_01005"}, {400, 1006, "altinn.corr_01006"},
                                {400, 1007, "altinn.corr_01007"}, {400, 1008, "altinn.corr_01008"},
                                {400, 1009, "altinn.corr_01009"}, {400, 1013, "altinn.corr_01013"},
                                {400, 1014, "altinn.corr_01014"}, {400, 1016, "altinn.corr_01016"},
                                {400, 1017, "altinn.corr_01017"}, {400, 1018, "altinn.corr_01018"},
                                {400, 1022, "altinn.corr_01022"}, {400, 1023, "altinn.corr_01023"},
                                {400, 1026, "altinn.corr_01026"}, {404, 1029, "altinn.corr_01029"},
                                {422, 1030, "altinn.corr_01030"}, {500, 1032, "altinn.corr_01032"},
                                {400, 1033, "altinn.corr_01033"}, {409, 1034, "altinn.corr_01034"},
                                {400, 1035, "altinn.corr_01035"}, {400, 1036, "altinn.corr_01036"},
                                {400, 1037, "altinn.corr_01037"}, {400, 1038, "altinn.corr_01038"},
                                {400, 1039, "altinn.corr_01039"}, {400, 1042, "altinn.corr_01042"},
                                {400, 1043, "altinn.corr_01043"}, {400, 1044, "altinn.corr_01044"},
                                {400, 1045, "altinn.corr_01045"}, {400, 1046, "altinn.corr_01046"},
                                {400, 1047, "altinn.corr_01047"}, {400, 1050, "altinn.corr_01050"},
                                {400, 1051, "altinn.corr_01051"}, {400, 1052, "altinn.corr_01052"},
                                {400, 1053, "altinn.corr_01053"}, {404, 1054, "altinn.corr_01054"},
                                {400, 1055, "altinn.corr_01055"}, {400, 1060, "altinn.corr_01060"},
                                {400, 1061, "altinn.corr_01061"}, {500, 2000, "altinn.corr_02000"},
                                {404, 2001, "altinn.corr_02001"}, {502, 2002, "altinn.corr_02002"},
                                {400, 2003, "altinn.corr_02003"}, {400, 2004, "altinn.corr_02004"},
                                {400, 2005, "altinn.corr_02005"}, {400, 2006, "altinn.corr_02006"},
                                {400, 2007, "altinn.corr_02007"}, {400, 2008, "altinn.corr_02008"},
                                {400, 2009, "altinn.corr_02009"}, {400, 2010, "altinn.corr_02010"},
                                {400, 2011, "altinn.corr_02011"}, {400, 2012, "altinn.corr_02012"},
                                {400, 2013, "altinn.corr_02013"}, {451, 2014, "altinn.corr_02014"},
                                {409, 2015, "altinn.corr_02015"}, {400, 2016, "altinn.corr_02016"},
                                {400, 2017, "altinn.corr_02017"}, {408, 2022, "altinn.corr_02022"},
                                {404, 3001, "altinn.corr_03001"}, {400, 3002, "altinn.corr_03002"},
                                {400, 3003, "altinn.corr_03003"}, {400, 3004, "altinn.corr_03004"},
                                {400, 3005, "altinn.corr_03005"}, {400, 3006, "altinn.corr_03006"},
                                {400, 3007, "altinn.corr_03007"}, {404, 3020, "altinn.corr_03020"},
                                {404, 3021, "altinn.corr_03021"}, {400, 3024, "altinn.corr_03024"},
                                {400, 3025, "altinn.corr_03025"}, {500, 3026, "altinn.corr_03026"},
                                {500, 3028, "altinn.corr_03028"}, {401, 4001, "altinn.corr_04001"},
                                {400, 4002, "altinn.corr_04002"}, {400, 4003, "altinn.corr_04003"},
                                {401, 4004, "altinn.corr_04004"}, {401, 4005, "altinn.corr_04005"},
                                {401, 4006, "altinn.corr_04006"}, {401, 4007, "altinn.corr_04007"},
                                {400, 4008, "altinn.corr_04008"}, {400, 4009, "altinn.corr_04009"},
                                {400, 4010, "altinn.corr_04010"}};
    CHECK(rows.size() == numbers_with_texts().size());
    for (const auto& row : rows) {
        sdk::HttpResponse response(row.status, problem(row.status, row.number));
        response.headers.emplace_back("Content-Type", "application/problem+json");
        CHECK(outcome_of_refusal(response).code.value == row.code);
    }
}
