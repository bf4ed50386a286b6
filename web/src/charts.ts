// Only the charts we draw, so that the library stays small. On canvas, because the server's content policy refuses
// the style attributes that its SVG and its HTML tooltips would write.

import { LineChart } from 'echarts/charts';
import { GridComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { init, use, type EChartsType } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

use([LineChart, GridComponent, MarkLineComponent, TooltipComponent, CanvasRenderer]);

export function chartIn(place: HTMLElement): EChartsType {
  return init(place);
}
