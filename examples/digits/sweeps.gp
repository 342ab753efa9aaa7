# gnuplot -e "table='sweeps.csv'; picture='digits_sweeps.svg'" sweeps.gp
set encoding utf8
set terminal svg size 1080,640 font 'sans-serif,13' background 'white' noenhanced
set output picture
set datafile separator ','
set border 3 lc rgb '#404040' lw 0.8
set tics nomirror out scale 0.6
set grid lt 1 lc rgb '#dcdcdc' lw 0.8
set yrange [0:100]
unset key
# Rows of one sweep; a bar from the lowest to the highest sample, a line through the means.
of(sweep, number) = strcol(1) eq sweep ? number : NaN
set multiplot layout 2,3 margins 0.05,0.985,0.1,0.92 spacing 0.045,0.16 \
  title 'Digits recognised by tiles with converters [%]: mean, lowest and highest of 20 samples'
do for [k = 1:6] {
  sweep = word('tile tile_at_100_ohm adc_bits stuck seconds ohm', k)
  unset logscale x
  set autoscale x
  set xtics autofreq
  set format x '%g'
  if (k <= 2) {
    set xlabel 'rows and columns of a tile'.(k == 1 ? '' : ', 100 Ω wires')
    set logscale x 2
    set xrange [3:160]
  }
  if (k == 3) { set xlabel 'bits of the ADC'; set xrange [1.5:10.5] }
  if (k == 4) { set xlabel 'devices that are stuck [%]'; set xrange [-1:31] }
  if (k == 5) {
    set xlabel 'time since programming [s]'
    set logscale x
    set xrange [0.5:2e8]
    set format x '1e%T'
    set xtics 100
  }
  if (k == 6) { set xlabel 'wire from cell to cell [Ω]'; set xrange [-3:103] }
  scale = k == 4 ? 100 : 1
  plot table using (of(sweep, scale*$2)):(100*$3):(100*$4):(100*$5) with yerrorbars \
         pt 7 ps 0.4 lw 1.2 lc rgb '#0072b2', \
       table using (of(sweep, scale*$2)):(100*$3) with lines lw 1.8 lc rgb '#0072b2'
}
unset multiplot
