"""Each rule of tidy.py on a piece of text that keeps it and one that breaks it."""

import subprocess
import tempfile
import unittest
from pathlib import Path

import coroutines
import data_files
import layers
import reached
import seams
import text_rules
from cpp_source import tokenize

HERE = Path(__file__).resolve().parent


def wrap(statement):
    return "Task<void> f(int u) {\n    " + statement + "\n}\n"


class CoroutineShapes(unittest.TestCase):
    BAD = {
        "behind and": "if (u && !co_await f()) { g(); }",
        "behind or": "bool x = u || (co_await f());",
        "an aggregate made in the call": "co_await send(Request{.url = u});",
        "an unnamed braced list": "co_await send({.url = u});",
        "a list of values": 'co_await store({"a", "b"});',
        "a template's braced value": "auto x = co_await send(std::vector<int>{1, 2});",
        "an awaited value inside a list": "auto v = std::vector{a, co_await b()};",
        "a choice between arguments": "co_await send(fast ? A() : B());",
        "a choice between awaits": "auto x = c ? co_await a() : b;",
        "a choice of what is awaited": "co_await (c ? f() : g());",
        "a capturing lambda": "co_await co_spawn(ex, [s = std::move(s)] { return 1; }, tok);",
        "a capture by default": "co_await run([&](int x) { return x + u; });",
        "a capture beside an awaited executor": "co_spawn(co_await this_coro::executor, [s] { s(); }, tok);",
        "a brace in the condition": "if (co_await send(Request{u})) { g(); }",
        "a choice in the condition": "while (co_await send(a ? 1 : 2)) g();",
        "a braced value returned": "co_return Answer{co_await g()};",
        "a brace after a structured statement": "if (u) { g(); } co_await send(Request{u});",
        "a brace in an else branch": "if (u) g(); else co_await send(Request{u});",
        "a brace inside a lambda coroutine": "auto g = []() -> Task<void> { co_await send(R{1}); };",
        "a declaration with braces": "Answer answer{co_await g()};",
        "spread over lines": "co_await send(\n  a,\n  Request{\n .url = u});",
    }
    GOOD = {
        "a named value": "Request request{.url = u}; co_await send(std::move(request));",
        "a condition with a body": "if (co_await ready()) { g(Request{u}); h(a ? 1 : 2); }",
        "a condition with an initialiser": "if (auto r = co_await f(); !r) { return_early(r ? 1 : 2); }",
        "a loop": "while (auto x = co_await next()) { use(Thing{x}); }",
        "a for loop": "for (auto& x : co_await all()) { use(Thing{x}); }",
        "a switch": "switch (co_await f()) { case 1: { g(R{}); break; } default: break; }",
        "an unbraced branch": "if (a ? b : c) co_await f();",
        "a returned value without await": "co_return Value{1, 2};",
        "a constructor call": "co_await send(Request(u));",
        "a forwarding reference": "auto&& x = co_await f();",
        "before and": "if (co_await f() && u) { g(); }",
        "structured bindings": "auto [a, b] = co_await f(); const auto& [c, d] = co_await f();",
        "a lambda without captures": "co_await run([](int x) { return x ? R{1} : R{2}; });",
        "a subscript": "co_await f(list[u], map[key]);",
        "an attribute": "[[maybe_unused]] auto x = co_await f();",
        "braces in a string": 'co_await log("{} ?", u); co_await log(R"json({"a":[1]}?)json");',
        "braces in a comment": "co_await f(); // why {so}?\n    co_await g(/* { ? */ 1);",
        "characters and digits": "co_await f('{', '?', 1'000'000, '\\'');",
        "a brace on the line before": "auto x = Thing{u};\n    co_await f(x);",
        "after a loop's body": "for (int i = 0; i < 3; ++i) { g(R{i}); }\n co_await f();",
        "inside try": "try { co_await f(); } catch (const std::exception& e) { g(R{e}); }",
        "a local type": "struct Point { int x; };\n Point p{1};\n co_await f(p);",
        "a case label": "switch (u) { case 1: co_await f(); break; }",
        "a lambda coroutine": "auto g = [](int a) -> Task<std::pair<int, int>> { co_await f(a); };",
        "a noexcept lambda": "auto g = [](int a) noexcept -> Task<void> { co_await f(a); };",
    }

    def test_bad_shapes_are_found(self):
        for name, statement in self.BAD.items():
            with self.subTest(name):
                self.assertTrue(coroutines.problems(wrap(statement)), statement)

    def test_good_shapes_pass(self):
        for name, statement in self.GOOD.items():
            with self.subTest(name):
                self.assertEqual(coroutines.problems(wrap(statement)), [], statement)

    def test_a_coroutine_lambda_captures_nothing(self):
        for capture in ("&", "=", "this", "s = std::move(s)"):
            bad = wrap("auto g = [%s](int a) -> Task<void> { if (a) { co_return; } };" % capture)
            self.assertTrue(coroutines.problems(bad), capture)
        outer = wrap("auto g = [&](int a) { return spawn([](int b) -> Task<void> { co_await f(b); }(a)); };")
        self.assertEqual(coroutines.problems(outer), [])

    def test_class_and_constructor_braces_are_told_apart(self):
        text = """
        class Session final : public Base<int> {
        public:
            explicit Session(int a) : a_{a}, b_{} { start(a_ ? 1 : 2); }
            Task<void> run() & override { co_await step(); }
            auto operator co_await() && { return Awaiter{a_}; }
            auto other() const noexcept -> Task<std::map<int, int>> { co_await step(); }
            template <class T> requires Fine<T> Task<T> third(T t) { co_await step(); }
        private:
            int a_{1};
            std::map<int, std::string> names_{{1, "a"}, {2, "b"}};
        };
        """
        self.assertEqual(coroutines.problems(text), [])

    def test_the_line_is_that_of_the_brace(self):
        self.assertEqual(coroutines.problems(wrap("co_await send(\n a,\n R{1});"))[0][0], 4)


class Tokens(unittest.TestCase):
    def test_literals_and_directives_are_single_tokens(self):
        text = '#define A(x) \\\n  { x }\nauto s = u8R"x(a)" }x)x"; char c = \'"\'; int n = 0x1\'ff; // }\n'
        kinds = [(t.kind, t.line) for t in tokenize(text) if t.kind in ("directive", "raw", "char", "number")]
        self.assertEqual(kinds, [("directive", 1), ("raw", 3), ("char", 3), ("number", 3)])

    def test_an_unclosed_quote_or_comment_does_not_stop_the_check(self):
        for text in ('auto s = "abc\n;', "int a; /* open", "'", 'R"(never'):
            self.assertTrue(tokenize(text))


class Layers(unittest.TestCase):
    TABLE = layers.parse((HERE / "layers.txt").read_text(encoding="utf-8"))

    GOOD = [
        ("gateway/core/ids.cpp", '"gateway/core/ids.hpp"'),
        ("gateway/core/failure.hpp", "<boost/system/result.hpp>"),
        ("gateway/core/time.hpp", "<chrono>"),
        ("gateway/core/time.hpp", "<cstdint>"),
        ("gateway/json/value.cpp", "<rapidjson/document.h>"),
        ("gateway/sdk/task.hpp", "<boost/asio/awaitable.hpp>"),
        ("gateway/crypto/jws.cpp", "<openssl/evp.h>"),
        ("gateway/http/server.cpp", "<boost/beast/http.hpp>"),
        ("gateway/http/server.cpp", "<boost/asio/ssl.hpp>"),
        ("gateway/runtime/asio_source.cpp", "<boost/asio/impl/src.hpp>"),
        ("gateway/store/sqlite/database.cpp", "<sqlite3.h>"),
        ("gateway/store/sqlite/database.cpp", '"gateway/store/rows.hpp"'),
        ("gateway/plugins/loader.cpp", "<dlfcn.h>"),
        ("gateway/app/wiring.cpp", '"gateway/dispatch/dispatcher.hpp"'),
        ("gateway/app/config.cpp", "<toml++/toml.h>"),
        ("adapters/altinn/altinn_codec.cpp", '"gateway/crypto/jws.hpp"'),
        ("adapters/altinn/altinn_codec.cpp", '"adapters/altinn/altinn_codec.hpp"'),
        ("adapters/altinn/standin/main.cpp", '"gateway/http/server.hpp"'),
        ("adapters/altinn/standin/main.cpp", '"adapters/altinn/standin/state.hpp"'),
        ("adapters/altinn/standin/main.cpp", '"adapters/common/standin/faults.hpp"'),
        ("adapters/altinn/standin/main.cpp", '"gateway/sdk/clock.hpp"'),
        ("adapters/altinn/plugin.cpp", '"altinn_schemas.hpp"'),
        ("tests/unit/core/ids_test.cpp", '"gateway/store/memory/memory_store.hpp"'),
        ("tests/unit/core/ids_test.cpp", "<catch2/catch.hpp>"),
    ]
    BAD = [
        ("gateway/core/ids.cpp", '"gateway/json/value.hpp"'),
        ("gateway/core/ids.cpp", "<boost/asio/awaitable.hpp>"),
        ("gateway/sdk/host.hpp", "<boost/asio/io_context.hpp>"),
        ("gateway/sdk/host.hpp", '"gateway/runtime/clock.hpp"'),
        ("gateway/crypto/jws.hpp", "<openssl/evp.h>"),
        ("gateway/http/server.hpp", "<boost/beast/http.hpp>"),
        ("gateway/http/server.hpp", "<boost/asio/ssl.hpp>"),
        ("gateway/accept/routes.cpp", "<boost/beast/http.hpp>"),
        ("gateway/accept/routes.cpp", '"gateway/store/sqlite/database.hpp"'),
        ("gateway/accept/routes.cpp", '"gateway/dispatch/dispatcher.hpp"'),
        ("gateway/accept/routes.cpp", "<rapidjson/document.h>"),
        ("gateway/store/rows.cpp", "<sqlite3.h>"),
        ("gateway/store/memory/memory_store.cpp", "<sqlite3.h>"),
        ("gateway/dispatch/dispatcher.cpp", "<spdlog/spdlog.h>"),
        ("gateway/dispatch/dispatcher.cpp", "<unistd.h>"),
        ("gateway/app/wiring.cpp", '"adapters/altinn/altinn_codec.hpp"'),
        ("gateway/app/wiring.cpp", "<nlohmann/json.hpp>"),
        ("gateway/app/wiring.cpp", '"../core/ids.hpp"'),
        ("gateway/novel/thing.cpp", "<string>"),
        ("adapters/altinn/altinn_codec.cpp", '"adapters/maskinporten/token.hpp"'),
        ("adapters/altinn/altinn_codec.cpp", '"adapters/altinn/standin/state.hpp"'),
        ("adapters/altinn/altinn_codec.cpp", '"gateway/crypto/private_key.hpp"'),
        ("adapters/altinn/altinn_codec.cpp", '"gateway/runtime/clock.hpp"'),
        ("adapters/altinn/altinn_codec.cpp", "<openssl/evp.h>"),
        ("adapters/altinn/standin/main.cpp", '"adapters/altinn/altinn_codec.hpp"'),
        ("adapters/altinn/standin/main.cpp", '"gateway/crypto/jws.hpp"'),
        ("adapters/altinn/standin/main.cpp", '"gateway/sdk/adapter.hpp"'),
        ("adapters/altinn/standin/main.cpp", '"adapters/maskinporten/standin/keys.hpp"'),
        ("adapters/altinn/altinn_codec.cpp", '"adapters/common/standin/faults.hpp"'),
        ("adapters/altinn/standin/main.cpp", '"gateway/seal/asic.hpp"'),
        ("tests/unit/core/ids_test.cpp", "<rapidjson/document.h>"),
        ("tests/unit/core/ids_test.cpp", "<boost/beast/http.hpp>"),
    ]

    def test_arrows_of_the_table_pass(self):
        for path, header in self.GOOD:
            with self.subTest(path=path, header=header):
                self.assertEqual(layers.problems(self.TABLE, path, f"#include {header}\n"), [])

    def test_other_arrows_are_found(self):
        for path, header in self.BAD:
            with self.subTest(path=path, header=header):
                self.assertTrue(layers.problems(self.TABLE, path, f"int a;\n  # include {header}\n"))

    def test_an_adapter_may_use_what_its_build_file_links(self):
        path, text = "adapters/digital_post/codec.cpp", "#include <libxml/parser.h>\n"
        self.assertTrue(layers.problems(self.TABLE, path, text, "gateway_add_adapter(digital_post)"))
        linked = "gateway_add_adapter(digital_post LINK LibXml2::LibXml2)"
        self.assertEqual(layers.problems(self.TABLE, path, text, linked), [])
        self.assertTrue(layers.problems(self.TABLE, "adapters/digital_post/codec.hpp", text, linked))

    def test_every_family_the_table_names_is_defined(self):
        known = set(self.TABLE.families.values()) | {"std", "named"}
        for row in self.TABLE.rows:
            for entry in row.outside:
                self.assertIn(entry.partition("@")[0], known, row.folder)


class Seams(unittest.TestCase):
    RULES = seams.parse((HERE / "seams.txt").read_text(encoding="utf-8"))

    def test_a_name_past_its_seam_is_found(self):
        for text in (
            "std::thread t(f);",
            "std :: jthread t(f);",
            "auto now = std::chrono::system_clock::now();",
            "auto now = std::chrono::steady_clock :: now();",
            "asio::steady_timer timer(ex);",
            "std::random_device chance;",
            "int fd = open(path, O_RDONLY);",
            "int fd = ::open(path, O_RDONLY);",
            "return ::open(path, O_RDONLY);",
            "return open(path, O_RDONLY);",
            "} void open(char bracket); int g() { return ::open(path, 0); } void h() {",
            "std::ofstream out(path);",
            "co_spawn(ex, f(), asio::detached);",
            "std::this_thread::sleep_for(1s);",
            'auto home = std::getenv("HOME");',
            "auto now = ::time(nullptr);",
            "auto now = std::time(nullptr);",
            "auto now = time(&then);",
        ):
            with self.subTest(text):
                self.assertTrue(seams.problems(self.RULES, "gateway/dispatch/pace.cpp", f"void f() {{ {text} }}"))

    def test_our_own_methods_and_words_are_not_mistaken_for_it(self):
        for text in (
            "auto opened = vault.open(sealed);",
            "auto opened = vault->open(sealed);",
            "auto opened = co_await documents_.open(id);",
            "Result<File> open(const Path& path);",
            "Result<File> Disk::open(const Path& path) { return {}; }",
            "auto file = File::open(path);",
            "} void open(char bracket); bool g() { open('{'); return open('['); } void h() {",
            "// std::thread, system_clock::now() and detached",
            'log("std::thread open(");',
            "clock.now();",
            "core::Time time(std::int64_t micros);",
            "std::thread_local_storage x;",
        ):
            with self.subTest(text):
                self.assertEqual(seams.problems(self.RULES, "gateway/dispatch/pace.cpp", f"void f() {{ {text} }}"), [])

    def test_the_folders_behind_the_seam_may_use_it(self):
        self.assertEqual(seams.problems(self.RULES, "gateway/runtime/pool.cpp", "std::thread t(f);"), [])
        self.assertEqual(seams.problems(self.RULES, "gateway/store/sqlite/vfs.cpp", "int a = ::open(p, 0);"), [])
        self.assertEqual(seams.problems(self.RULES, "adapters/echo/standin/main.cpp", "std::thread t(f);"), [])
        self.assertTrue(seams.problems(self.RULES, "gateway/store/sqlite/writer.cpp", "std::thread t(f);"))
        self.assertTrue(seams.problems(self.RULES, "gateway/http/server.cpp", "co_spawn(a, b, detached);"))

    def test_a_single_file_may_stand_behind_the_seam(self):
        text = "auto a = ::secure_getenv(b);"
        self.assertEqual(seams.problems(self.RULES, "gateway/http/system_roots.cpp", text), [])
        self.assertTrue(seams.problems(self.RULES, "gateway/http/tls.cpp", text))

    def test_the_line_is_that_of_the_name(self):
        text = "int a;\n\nvoid f() {\n    std::thread t(f);\n}\n"
        self.assertEqual(seams.problems(self.RULES, "gateway/core/a.cpp", text)[0][0], 4)


class TextRules(unittest.TestCase):
    MARKS = text_rules.table((HERE / "marks.txt").read_text(encoding="utf-8"), 3)

    def test_marks_are_found(self):
        for text in ("// TODO: later", "# FIXME", "XXX", "stub for now", "throws: not implemented", "a placeholder",
                     "/home/kari/sluse", "path = '/work/tree'", "cd /root/x"):
            with self.subTest(text):
                self.assertTrue(text_rules.marks(self.MARKS, "gateway/core/a.cpp", "ok\n" + text))

    def test_words_that_only_look_like_marks_pass(self):
        for text in ("HTTP/1.1 501 Not Implemented", "mastodon", "https://host/home/page", "/var/lib/sluse", "framework/x",
                     "forenoon", "the placeholder {name} is filled in"):
            with self.subTest(text):
                self.assertEqual(text_rules.marks(self.MARKS, "gateway/core/a.cpp", text), [])
        self.assertEqual(text_rules.marks(self.MARKS, "gateway/texts/render.cpp", "each placeholder"), [])

    def test_long_files_need_a_reason(self):
        self.assertEqual(text_rules.length({}, "a.cpp", "x\n" * 430), [])
        self.assertTrue(text_rules.length({}, "a.cpp", "x\n" * 431))
        self.assertEqual(text_rules.length({"a.cpp": "a table"}, "a.cpp", "x\n" * 431), [])

    def test_folders_of_more_than_three_sources_have_a_readme(self):
        four = ["gateway/x/a.hpp", "gateway/x/a.cpp", "gateway/x/b.hpp", "gateway/x/b.cpp"]
        self.assertEqual(text_rules.readmes(four[:3]), [])
        self.assertEqual([f[0] for f in text_rules.readmes(four)], ["gateway/x"])
        self.assertEqual(text_rules.readmes([*four, "gateway/x/README.md"]), [])

    def test_links_lead_somewhere(self):
        paths = {"README.md", "gateway/core/README.md", "docs/a.md"}
        text = "[core](../gateway/core/README.md#words), [folder](../gateway), [web](https://x.no/a), [here](#top)"
        self.assertEqual(text_rules.links("docs/a.md", text, paths), [])
        self.assertEqual(text_rules.links("docs/a.md", "\n[x](gone.md)", paths), [(2, "gone.md is not there")])

    def test_names_of_tests_are_sentences(self):
        good = 'TEST_CASE("dispatch: an unknown outcome is looked up " "first", "[dispatch]") {'
        self.assertEqual(text_rules.test_names("a_test.cpp", good), [])
        for bad in ('TEST_CASE("retry") {', 'TEST_CASE("dispatch: it works and ends in a stop.") {',
                    'TEST_CASE("store: a power cut loses nothing acknowledged", "[.]") {',
                    'TEMPLATE_TEST_CASE("Store works", "[x]", A, B) {'):
            with self.subTest(bad):
                self.assertTrue(text_rules.test_names("a_test.cpp", bad))


class Data(unittest.TestCase):
    def test_json_and_toml(self):
        self.assertEqual(data_files.problems("a.json", b'{"a": [1, {"a": null}]}'), [])
        self.assertEqual(data_files.problems("a.toml", b'[listen.public]\naddress = "127.0.0.1:0"\n'), [])
        for path, data in (("a.json", b'{"a": 1, "a": 2}'), ("a.json", b'{"a": {"b": 1, "b": 1}}'), ("a.json", b"{"),
                           ("a.json", b'{"a": NaN}'), ("a.json", b'"\xff"'), ("a.json", b"[" * 100000),
                           ("a.toml", b"a = 1\na = 2\n"), ("a.toml", b"a =\n")):
            with self.subTest(data[:20]):
                self.assertTrue(data_files.problems(path, data))

    def test_texts_say_the_same_in_three_languages(self):
        def texts(title, **more):
            return {"letter.title_too_long": {"title": title, "detail": "{max}", "action": "x"}, **more}

        same = {language: texts("{length}") for language in data_files.LANGUAGES}
        self.assertEqual(data_files.text_problems(same), [])
        extra = {"auth.unknown": {"title": "x"}}
        for what, broken in (
            ("a code missing", {**same, "nn": {}}),
            ("a code in one language", {**same, "en": texts("{length}", **extra)}),
            ("another placeholder", {**same, "en": texts("{len}")}),
            ("a placeholder less", {**same, "en": texts("x")}),
            ("not a text", {**same, "en": {"letter.title_too_long": "x"}}),
            ("an empty text", {**same, "en": texts(" ")}),
            ("an open brace", {**same, "en": texts("{length} {")}),
            ("a foreign member", {**same, "en": {"letter.title_too_long": {"title": "{max}{length}", "remedy": "x"}}}),
        ):
            with self.subTest(what):
                self.assertTrue(data_files.text_problems(broken))


    def test_each_code_of_a_component_has_a_cause(self):
        codes = {c: {"owner": "us"} for c in ("altinn.a", "altinn.corr_01002", "altinn.sent", "queued")}
        words = {c: {"title": "x", "action": "x"} for c in codes}
        good = {"causes": {"altinn.a": {"press": "mend"}, "altinn.corr_01002": {"press": "retry"}},
                "no_causes": ["altinn.sent"]}
        self.assertEqual(data_files.cause_problems(good, codes, words), [])
        for what, causes, code in (
            ("a code that is neither", {**good, "no_causes": []}, codes),
            ("a press nobody knows", {**good, "causes": {**good["causes"], "altinn.a": {"press": "x"}}}, codes),
            ("a code twice", {**good, "no_causes": ["altinn.sent", "altinn.a"]}, codes),
            ("a code that is no code", {**good, "no_causes": ["altinn.sent", "altinn.b"]}, codes),
            ("another owner", {"causes": {"altinn.a": {"press": "mend", "also": ["altinn.corr_01002"]}},
                               "no_causes": ["altinn.sent"]}, {**codes, "altinn.a": {"owner": "sender"}}),
        ):
            with self.subTest(what):
                self.assertTrue(data_files.cause_problems(causes, code, words))

    def test_each_cause_is_reached_by_a_test_that_is_there(self):
        causes = {"causes": {"altinn.a": {"press": "mend", "also": ["altinn.b"]}}}
        texts = {"a_test.cpp": 'TEST_CASE("altinn: it says "\n    "a") { CHECK(said() == "/x altinn.a"); }\n'
                               'TEST_CASE("altinn: b") { CHECK(said() == "altinn.b"); }\n'
                               'TEST_CASE("altinn: none") { said("altinn.a"); }'}
        good = {"a_test.cpp": {"altinn: it says a": ["altinn.a"], "altinn: b": ["altinn.b"]}}
        self.assertEqual(reached.problems(good, causes, texts.get), [])
        for what, wrong in (
            ("a code nobody reaches", {"a_test.cpp": {"altinn: it says a": ["altinn.a"]}}),
            ("a file that is not there", {"b_test.cpp": good["a_test.cpp"]}),
            ("a test that is not there", {"a_test.cpp": {**good["a_test.cpp"], "altinn: c": ["altinn.a"]}}),
            ("a test that asserts nothing", {"a_test.cpp": {**good["a_test.cpp"], "altinn: none": ["altinn.a"]}}),
            ("a test of another code", {"a_test.cpp": {"altinn: it says a": ["altinn.a", "altinn.b"]}}),
            ("a code that is no cause", {"a_test.cpp": {**good["a_test.cpp"], "altinn: b": ["altinn.b", "altinn.c"]}}),
        ):
            with self.subTest(what):
                self.assertTrue(reached.problems(wrong, causes, texts.get))


class Program(unittest.TestCase):
    def run_tidy(self, root, check):
        command = ["python3", "-B", str(HERE / "tidy.py"), check, "--root", str(root)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def test_a_finding_is_a_line_with_its_place_and_the_exit_code_says_so(self):
        with tempfile.TemporaryDirectory() as root:
            folder = Path(root, "gateway", "core")
            folder.mkdir(parents=True)
            (folder / "a.cpp").write_text("#include <string>\n#include <boost/beast.hpp>\n", encoding="utf-8")
            result = self.run_tidy(root, "layers")
            self.assertEqual(result.returncode, 1)
            self.assertIn("gateway/core/a.cpp:2: <boost/beast.hpp>", result.stdout)
            (folder / "a.cpp").write_text("#include <string>\n", encoding="utf-8")
            self.assertEqual(self.run_tidy(root, "layers").returncode, 0)

    def test_format_names_the_file(self):
        with tempfile.TemporaryDirectory() as root:
            folder = Path(root, "gateway", "core")
            folder.mkdir(parents=True)
            (Path(root) / ".clang-format").write_bytes((HERE.parent.parent / ".clang-format").read_bytes())
            (folder / "a.cpp").write_text("int  a ;\n", encoding="utf-8")
            result = self.run_tidy(root, "format")
            self.assertEqual((result.returncode, "gateway/core/a.cpp" in result.stdout), (1, True))
            (folder / "a.cpp").write_text("int a;\n", encoding="utf-8")
            self.assertEqual(self.run_tidy(root, "format").returncode, 0)


if __name__ == "__main__":
    unittest.main()
