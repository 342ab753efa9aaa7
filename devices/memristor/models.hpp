// Every memristor model there is: a header and a name here make one known.
#pragma once

#include "wordline/devices/memristor/data_driven.hpp"
#include "wordline/devices/memristor/data_driven2018.hpp"
#include "wordline/devices/memristor/exponential_diode.hpp"
#include "wordline/devices/memristor/hp.hpp"
#include "wordline/devices/memristor/jart_v1b.hpp"
#include "wordline/devices/memristor/memdiode.hpp"
#include "wordline/devices/memristor/mms.hpp"
#include "wordline/devices/memristor/pcm.hpp"
#include "wordline/devices/memristor/pem.hpp"
#include "wordline/devices/memristor/pershin.hpp"
#include "wordline/devices/memristor/reram.hpp"
#include "wordline/devices/memristor/simmons.hpp"
#include "wordline/devices/memristor/stanford.hpp"
#include "wordline/devices/memristor/static_resistance.hpp"
#include "wordline/devices/memristor/team.hpp"
#include "wordline/devices/memristor/threshold_switch.hpp"
#include "wordline/devices/memristor/umich_wox.hpp"
#include "wordline/devices/memristor/vteam.hpp"
#include "wordline/devices/memristor/yakopcic.hpp"
#include "wordline/devices/memristor/yakopcic_general.hpp"

namespace wordline {

template <class... M>
struct MemristorList {};

using MemristorModels =
    MemristorList<StaticResistance, Hp, Team, Yakopcic, Pem, Mms, Vteam, Stanford, JartV1b, Pershin,
                  DataDriven, DataDriven2018, Reram, YakopcicGeneral, Memdiode, UmichWox, Simmons,
                  Pcm, ExponentialDiode, ThresholdSwitch>;

}  // namespace wordline
