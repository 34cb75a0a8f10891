/** The style of the page: the system's own fonts and colours, dark and light, from 320 pixels up. */
export const STYLE = `
:root{color-scheme:light dark;--paper:#fff;--back:#f3f4f6;--ink:#15181d;--soft:#4d545e;--edge:#c9ced6;--mark:#0b57c2;--onmark:#fff;--good:#0a6b35;--bad:#a11a1a;--pic:#aab1bc}
@media (prefers-color-scheme:dark){:root{--paper:#1b1e24;--back:#101216;--ink:#f1f3f6;--soft:#b4bbc6;--edge:#3c434e;--mark:#7fb2ff;--onmark:#07162c;--good:#66d394;--bad:#ff9a94;--pic:#69717e}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--back);color:var(--ink);font:17px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main,footer{max-width:42rem;margin:0 auto;padding:0 1rem}
main{padding-top:1.2rem}
h1{font-size:1.6rem;line-height:1.2;margin:0 0 .4rem;overflow-wrap:anywhere}
h2{font-size:1.1rem;margin:0 0 .4rem}
p{margin:.4rem 0}
.for{color:var(--soft);margin:0 0 .2rem}
section,details{background:var(--paper);border:1px solid var(--edge);border-radius:14px;padding:1rem 1.1rem;margin:1rem 0}
ol{list-style:none;margin:1.2rem 0;padding:0;counter-reset:step}
ol>li{counter-increment:step;position:relative;background:var(--paper);border:1px solid var(--edge);border-radius:14px;margin:.7rem 0;padding:1rem 1.1rem 1rem 3.4rem;min-height:3.6rem}
ol>li::before{content:counter(step);position:absolute;left:1rem;top:1rem;width:1.7rem;height:1.7rem;border-radius:50%;background:var(--mark);color:var(--onmark);font-weight:700;text-align:center;line-height:1.7rem}
.step{display:flow-root}
.step p{margin:0;overflow-wrap:anywhere}
svg{float:right;margin:0 0 .4rem 1rem}
[data-when]{margin-top:.9rem}
.button,button{display:inline-block;font:inherit;font-weight:600;background:var(--mark);color:var(--onmark);border:0;border-radius:10px;padding:.7rem 1.2rem;margin:.8rem 0 0;text-decoration:none;min-height:2.75rem;cursor:pointer}
button[disabled]{opacity:.7;cursor:default}
:focus-visible{outline:3px solid var(--mark);outline-offset:3px}
a{color:var(--mark)}
code,pre{font:.86em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
pre{background:var(--back);border:1px solid var(--edge);border-radius:8px;padding:.6rem .8rem;margin:.6rem 0 0;white-space:pre-wrap;overflow-wrap:anywhere}
.print{display:inline-grid;grid-template-columns:repeat(8,auto);gap:.15rem .55rem;font-size:1rem}
.note{color:var(--soft)}
.good{color:var(--good);font-weight:600}
.bad{color:var(--bad);font-weight:600}
ul{list-style:none;display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;margin:.4rem 0 0;padding:0}
ul a{display:inline-block;padding:.35rem 0}
summary{cursor:pointer;font-weight:600;padding:.2rem 0}
footer{color:var(--soft);font-size:.88rem;padding-bottom:2.5rem}
[hidden]{display:none!important}
.f{fill:var(--back);stroke:var(--edge)}.g{fill:var(--pic)}.m{fill:var(--mark)}.o,.k{fill:var(--onmark)}
.a{fill:none;stroke:var(--mark);stroke-width:3;stroke-linecap:round;stroke-linejoin:round}
.p,.t{fill:none;stroke:var(--onmark);stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.c{fill:none;stroke:var(--pic);stroke-width:1.5}
@media (max-width:30rem){.step svg{width:72px;height:48px}ol>li{padding-right:.9rem}}
`;
