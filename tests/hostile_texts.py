"""Forty texts that some program takes for something else: formulas, fields, markup, addresses, long numbers."""

HOSTILE = (
    "=cmd|' /C calc'!A0", "=1+1", "+1", "-2+3", "@SUM(A1)", "=HYPERLINK(\"http://x.invalid\")", "\u0009=1",
    '#read("/etc/passwd")', "#panic()", "$x^2$", "*粗*", "_斜_", "`raw`", "<label>", "@ref", "// 注", "/* 注 */",
    "= 标题", "\\u{1f600}", "#let x = 1", "[内容]", "--", "...", '"引"', "http://x.invalid/?a=1&b=2",
    "<w:p><w:r/></w:p>", "</w:t></w:r>", "{{ title }}", "{% for a in b %}", "{# 注 #}", "{_{ x }_}", "{{p body }}",
    "<b>粗</b>", "<script>alert(1)</script>", "&lt;&amp;", "]]>", "371424102224001", "0001234567890123456",
    "张三@例.invalid", "%PDF-1.7",
)  # fmt: skip
assert len(set(HOSTILE)) == 40
