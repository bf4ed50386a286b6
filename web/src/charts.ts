// Only the charts we draw, so that the library stays small.

import { LineChart } from 'echarts/charts';
import { GridComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { init, use, type EChartsType } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([LineChart, GridComponent, MarkLineComponent, TooltipComponent, SVGRenderer]);

export function chartIn(place: HTMLElement): EChartsType {
  return init(place, null, { renderer: 'svg' });
}
