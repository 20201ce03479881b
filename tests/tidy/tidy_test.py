"""Each rule of tidy.py on a piece of text that keeps it and one that breaks it."""

import unittest

import coroutines
from cpp_source import tokenize


def wrap(statement):
    return "Task<void> f(int u) {\n    " + statement + "\n}\n"


class CoroutineShapes(unittest.TestCase):
    BAD = {
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


if __name__ == "__main__":
    unittest.main()
