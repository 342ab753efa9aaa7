# gnuplot -e "table='accuracy.csv'; picture='digits.svg'" accuracy.gp
set encoding utf8
set terminal svg size 960,420 font 'sans-serif,14' background 'white' noenhanced
set output picture
set datafile separator ','
set border 3 lc rgb '#404040' lw 0.8
set tics nomirror out scale 0.6
set grid lt 1 lc rgb '#dcdcdc' lw 0.8
set key at graph 1.015,1.0 left top Left reverse samplen 1.5 spacing 1.2
set rmargin 32
set xlabel 'resistance of a wire from cell to cell [Ω]'
set ylabel 'test images recognised [%]'
set yrange [50:100]
set title 'Handwritten digits, recognised by two arrays of 65x64 and 33x20 cells'
set style data linespoints
plot table using 1:(100*$4) pt 7 ps 0.4 lw 1.8 lc rgb '#009e73' title 'cells of 0.1 to 10 µS', \
     table using 1:(100*$3) pt 7 ps 0.4 lw 1.8 lc rgb '#0072b2' title '1 to 100 µS, both ends driven', \
     table using 1:(100*$2) pt 7 ps 0.4 lw 1.8 lc rgb '#d55e00' title '1 to 100 µS'
