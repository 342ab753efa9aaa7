# gnuplot -e "table='half_select.csv'; picture='half_select.svg'" half_select.gp
set encoding utf8
set terminal svg size 960,420 font 'sans-serif,14' background 'white' noenhanced
set output picture
set datafile separator ','
set border 11 lc rgb '#404040' lw 0.8
set tics nomirror out scale 0.6
set y2tics
set grid lt 1 lc rgb '#dcdcdc' lw 0.8
set key top left Left reverse samplen 1.5 spacing 1.2
set xlabel 'resistance of a wire from cell to cell [Ω]'
set ylabel 'change of cells that were not written [%]'
set y2label 'largest pulse [V]'
set title 'Sixteen cells of a passive 64x64 array written under V/2'
set style data linespoints
plot table using 1:(100*$3) pt 7 ps 0.4 lw 1.8 lc rgb '#d55e00' title 'the largest change', \
     table using 1:(100*$4) pt 7 ps 0.4 lw 1.8 lc rgb '#0072b2' title 'rms of all cells', \
     table using 1:2 axes x1y2 pt 7 ps 0.4 lw 1.8 dt 2 lc rgb '#707070' title 'the largest pulse'
