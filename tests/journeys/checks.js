// What a page is asked for in a real browser. Evaluated to an object of functions; each returns lines of what is wrong.
({
  bounds() {
    const width = document.documentElement.clientWidth
    const wrong = []
    const told = (e) => `<${e.tagName.toLowerCase()} class="${e.className}"> ${(e.textContent || '').trim().slice(0, 30)}`
    const mayScroll = (e) => {
      for (let p = e; p && p !== document.body; p = p.parentElement)
        if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(p).overflowX)) return true
      return false
    }
    if (document.documentElement.scrollWidth > width + 1)
      wrong.push(`page scrolls sideways: ${document.documentElement.scrollWidth} > ${width}`)
    for (const e of document.querySelectorAll('body *')) {
      const r = e.getBoundingClientRect()
      if (!r.width || !r.height || e.closest('.vh, [hidden], .xf-skip, svg')) continue
      if ((r.right > width + 1 || r.left < -1) && !mayScroll(e.parentElement))
        wrong.push(`outside ${Math.round(r.left)}..${Math.round(r.right)}: ${told(e)}`)
      const hides = ['hidden', 'clip'].includes(getComputedStyle(e).overflowX)
      if (hides && e.clientWidth && e.scrollWidth > e.clientWidth + 1 && e.matches('a,button,b,span,p,h1,h2,h3,td,th,label'))
        wrong.push(`cut: ${told(e)}`)
    }
    return [...new Set(wrong)].slice(0, 12)
  },
  targets(least) {
    const asked = 'a.xf-btn, button, select, input[type=text], input[type=tel], input[type=search], .xf-chip, .xf-tabs a'
    return [...document.querySelectorAll(asked)]
      .filter((e) => {
        const r = e.getBoundingClientRect()
        return r.width && r.height && !e.closest('.vh, [hidden]') && r.height < least - 0.5
      })
      .map((e) => `low ${Math.round(e.getBoundingClientRect().height)} px: ${e.className} ${e.textContent.trim().slice(0, 20)}`)
      .slice(0, 8)
  },
  text(least) {
    const wrong = []
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walk.nextNode()) {
      const e = walk.currentNode.parentElement
      const words = walk.currentNode.data.trim()
      if (!words || !e || e.closest('.vh, script, style, [hidden], svg, option')) continue
      const size = parseFloat(getComputedStyle(e).fontSize)
      if (size < least - 0.05 && e.getBoundingClientRect().height) wrong.push(`small ${size.toFixed(1)} px: ${words.slice(0, 24)}`)
    }
    return [...new Set(wrong)].slice(0, 8)
  },
  han() {
    // Chinese left in a page that is read in English, outside of what people wrote themselves (lang=zh or data).
    const wrong = []
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walk.nextNode()) {
      const e = walk.currentNode.parentElement
      const words = walk.currentNode.data.trim()
      if (!e || e.closest('script, style, [hidden], [data-said], .xf-seal, option') || !/[\u4e00-\u9fff]/.test(words)) continue
      wrong.push(words.slice(0, 40))
    }
    return [...new Set(wrong)]
  },
})
