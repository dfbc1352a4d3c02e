// Draws the charts of the page from the values beside them. Each table stays a click away.
"use strict";

(() => {
  const print = document.getElementById("print");
  if (print) { print.hidden = false; print.addEventListener("click", () => window.print()); }

  const island = document.getElementById("charts");
  if (!island || !window.echarts) { return; }
  const colours = ["#0b5cad", "#c9d6e4", "#1b6b3a"];
  const lineColours = ["#0b5cad", "#c05a00"];
  const text = { color: "#1c2430", fontFamily: "inherit", fontSize: 13 };
  const narrow = window.matchMedia("(max-width: 48rem)").matches;
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  function option(chart) {
    const isBar = chart.kind === "bar";
    const names = { type: "category", data: chart.labels, axisTick: { show: false },
      axisLine: { lineStyle: { color: "#8390a2" } },
      axisLabel: { ...text, hideOverlap: true } };
    const numbers = { type: "value", minInterval: 1, splitLine: { lineStyle: { color: "#e3e8ee" } }, axisLabel: text };
    if (isBar) {
      names.inverse = true;
      names.axisLabel = { ...text, width: narrow ? 84 : 150, overflow: "truncate", interval: 0 };
    }
    return {
      animation: !still, animationDuration: 300, textStyle: text,
      color: isBar ? colours : lineColours,
      grid: { left: 8, right: 24, top: 36, bottom: 4, containLabel: true },
      legend: { top: 0, left: 0, textStyle: text, itemGap: 18 },
      tooltip: { trigger: "axis", axisPointer: { type: isBar ? "shadow" : "line" }, confine: true },
      xAxis: isBar ? numbers : names, yAxis: isBar ? names : numbers,
      series: chart.series.map((one, at) => isBar
        ? { type: "bar", name: one.name, data: one.values, stack: one.stack, barMaxWidth: 18, cursor: "pointer" }
        : { type: "line", name: one.name, data: one.values, lineStyle: { width: 2.5, type: at ? "dashed" : "solid" },
            symbol: at ? "diamond" : "circle", symbolSize: 6, showSymbol: chart.labels.length <= 31,
            areaStyle: at ? undefined : { opacity: .08 } }),
    };
  }

  for (const chart of JSON.parse(island.textContent)) {
    const place = document.getElementById("chart-" + chart.id);
    if (!place) { continue; }
    const heading = place.parentElement.querySelector("h2");
    place.hidden = false;
    place.setAttribute("role", "img");
    place.setAttribute("aria-label", (heading ? heading.textContent : "") + "的图，数字见下面的表");
    if (chart.kind === "bar" && chart.labels.length > 9) { place.classList.add("tall"); }
    const drawn = window.echarts.init(place);
    drawn.setOption(option(chart));
    drawn.on("click", (event) => {
      const link = chart.links[event.dataIndex];
      if (link) { window.location.assign(link); }
    });
    window.addEventListener("resize", () => drawn.resize());
    const table = place.parentElement.querySelector("details");
    if (table) { table.open = false; }
  }
})();
